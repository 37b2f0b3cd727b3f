import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A server under load, in a process of its own. */
export interface Target {
  /** Where it listens. */
  readonly port: number;
  readonly child: ChildProcess;
  /** Its data, gone with it. */
  readonly folder: string;
}

/** Starts a target; see `target.ts` for the kinds. A `store` replaces the kind's own. */
export async function startTarget(kind: string, store?: string): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'buildstate-bench-'));
  const script = fileURLToPath(new URL('./target.ts', import.meta.url));
  const log = await open(join(folder, 'log.jsonl'), 'w');
  const args = [script, kind, folder, ...(store === undefined ? [] : [store])];
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', ...args], {
    stdio: ['ignore', 'pipe', log.fd, 'ipc'],
  });
  await log.close();
  const stopped = once(child, 'exit').then(([code]) => {
    throw new Error(`the target ended with ${code}; see ${folder}/log.jsonl`);
  });
  stopped.catch(() => {});
  if (child.stdout === null) throw new Error('the target has no output');
  const [port] = await Promise.race([once(child.stdout, 'data'), stopped]);
  return { port: Number(String(port).trim()), child, folder };
}

/** Ends a target and removes its data. */
export async function stopTarget({ child, folder }: Target): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await rm(folder, { recursive: true, force: true });
}

/** Microseconds of CPU time that a target has used. */
export async function cpuTime({ child }: Target): Promise<number> {
  const answer = once(child, 'message');
  child.send('cpu');
  return Number((await answer)[0]);
}
