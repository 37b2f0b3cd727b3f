import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A worker process and what it has said. */
export interface Worker {
  readonly process: ChildProcess;
  /** Its lines so far, each as words. */
  readonly lines: string[][];
  /** Resolves with the first line that begins with this word. */
  said(word: string): Promise<string[]>;
  /** Resolves when it has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

/** Starts `hammer.ts` in a process of its own. */
export function spawnWorker(...args: readonly string[]): Worker {
  const script = fileURLToPath(new URL('./hammer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[][] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => line.split(' ')));
    for (const look of waiting) look();
  });
  const ended = new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  const said = (word: string) =>
    new Promise<string[]>((resolve, reject) => {
      const look = () => {
        const line = lines.find(([first]) => first === word);
        if (line === undefined) return;
        waiting.delete(look);
        resolve(line);
      };
      waiting.add(look);
      look();
      ended.then((how) => reject(new Error(`the worker ended (${how}) without saying ${word}`)), reject);
    });
  return { process: child, lines, said, ended };
}
