import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Screen } from './screen.ts';
import { developmentKey } from './server.ts';
import { bldst, environmentOf } from './workplace.ts';

/** A worker: `bldst run` in a folder of its own. */
export interface Worker {
  /** Its process. */
  readonly pid: number;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves when it has printed a line with a text; never, when it ends before. */
  printed(text: string): Promise<void>;
  /** Ends it in the way that leaves it no chance to say anything. */
  kill(): void;
}

/** Starts a worker; what it prints is shown line by line, with its name. */
export function startWorker(name: string, folder: string, tracker: string, screen: Screen): Worker {
  const home = join(folder, '.home');
  mkdirSync(home, { recursive: true });
  const child = spawn(process.execPath, [bldst, 'run'], {
    cwd: folder,
    env: environmentOf(home, { BLDST_TRACKER: tracker, BLDST_API_KEY: developmentKey }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const show = (stream: Readable) =>
    createInterface({ input: stream }).on('line', (line) => screen.line(name, line));
  const streams = [show(child.stdout), show(child.stderr)];
  const printed = (text: string): Promise<void> =>
    new Promise((resolve) => {
      for (const stream of streams) stream.on('line', (line) => line.includes(text) && resolve());
    });
  const ended = once(child, 'exit').then(async ([code, signal]: (number | NodeJS.Signals | null)[]) => {
    for (const stream of streams) stream.close();
    return (signal ?? code ?? 1) as number | NodeJS.Signals;
  });
  return { pid: child.pid ?? 0, ended, printed, kill: () => void child.kill('SIGKILL') };
}
