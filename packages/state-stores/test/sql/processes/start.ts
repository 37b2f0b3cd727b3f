import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A script of this folder in a process of its own. */
export interface RunningScript {
  /** The process. */
  readonly child: ChildProcess;
  /** Complete lines of its standard output so far. */
  readonly lines: string[];
  /** Resolves when it has said its first line, or has ended. */
  readonly started: Promise<void>;
  /** Resolves with its exit code and what it wrote to standard error. */
  readonly ended: Promise<{ readonly code: number | null; readonly problems: string }>;
}

/** Starts a script of this folder. It does not outlive the test. */
export function start(script: string, ...args: string[]): RunningScript {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  let problems = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problems += text;
  });
  const closed = once(child, 'close');
  const firstLine = new Promise<void>((resolve) => {
    reader.on('line', (line) => {
      lines.push(line);
      resolve();
    });
  });
  return {
    child,
    lines,
    started: Promise.race([firstLine, closed.then(() => {})]),
    ended: closed.then(([code]) => ({ code: code as number | null, problems })),
  };
}
