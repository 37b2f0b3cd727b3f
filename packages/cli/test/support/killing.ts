import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/bldst.cjs', import.meta.url));

/** Numbers from 0 to 1 that look random and are the same in every run of a test. */
export function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** How a command line ended: its exit code, or the signal. */
export type End = number | NodeJS.Signals;

function start(words: readonly string[], home: string, cwd: string): ChildProcess {
  return spawn(process.execPath, ['--conditions=@buildstate/source', bin, ...words], {
    cwd,
    env: { PATH: process.env.PATH, HOME: home, NODE_COMPILE_CACHE: join(home, 'cache') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/**
 * Starts the binary and kills it after a random time, with SIGKILL or SIGINT. It may end before, because it is done;
 * it never fails.
 * @param longest milliseconds
 */
export async function killAtRandom(
  words: readonly string[],
  where: { readonly home: string; readonly cwd: string },
  random: Generator<number, never>,
  longest: number,
): Promise<{ readonly end: End; readonly killed: boolean }> {
  const child = start(words, where.home, where.cwd);
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'exit');
  await Promise.race([ended, sleep(random.next().value * longest)]);
  const signal = random.next().value < 0.5 ? 'SIGKILL' : 'SIGINT';
  const killed = child.exitCode === null && child.kill(signal);
  const [code, by] = (await ended) as [number | null, NodeJS.Signals | null];
  const end = by ?? code ?? 1;
  expect([130, 0, 'SIGKILL', 'SIGINT'], `${end}\n${stderr}`).toContain(end);
  return { end, killed };
}
