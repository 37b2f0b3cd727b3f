import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('./branch-process.ts', import.meta.url));

/** A process that works on branches. */
export interface BranchProcess {
  /** The next line that it says; rejects when it ends instead. */
  next(): Promise<string>;
  /** Says a line to it. */
  tell(line: string): void;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts `branch-process.ts`. It does not outlive the test. */
export function startProcess(...args: readonly string[]): BranchProcess {
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const ended = once(child, 'close').then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
  // A process that has ended itself hears nothing more.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the process has ended (${await ended})`);
      return value;
    },
    tell: (line) => void child.stdin.write(`${line}\n`),
    ended,
  };
}
