import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock, HolderIdentity } from '@buildstate/core';
import { currentIdentity } from '../identity/current-identity.ts';
import { holderGone } from '../identity/holder-gone.ts';
import { isErrorWithCode } from './error-code.ts';
import { makePrivateFolder } from './private-folder.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

/** What a lock file holds. */
interface LockFile {
  /** Of this one taking of the lock. */
  readonly id: string;
  /** Who took it. */
  readonly owner: HolderIdentity;
}

/**
 * Age at which a lock is taken for left behind, where its owner cannot be asked about: it ran on another machine
 * or in another container. Whoever holds one touches it far more often.
 */
const abandonedAfterMs = 15 * 60_000;
/** How often a lock is touched while it is held. */
const touchEveryMs = 60_000;

/** Stands for a file that somebody else wrote: nobody can be asked about it, so it counts by its age. */
const unreadable: LockFile = { id: 'unreadable', owner: { host: 'unknown' } };

async function readLock(
  path: string,
): Promise<{ readonly lock: LockFile; readonly ageMs: number } | undefined> {
  try {
    const { mtimeMs } = await stat(path);
    const lock = JSON.parse(await readFile(path, 'utf8')) as Partial<LockFile> | null;
    const whole = typeof lock?.id === 'string' && typeof lock.owner === 'object';
    return { lock: whole ? (lock as LockFile) : unreadable, ageMs: Date.now() - mtimeMs };
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return undefined;
    if (error instanceof SyntaxError)
      return { lock: unreadable, ageMs: Date.now() - (await stat(path)).mtimeMs };
    throw error;
  }
}

async function create(path: string, id: string): Promise<boolean> {
  const text = JSON.stringify({ id, owner: currentIdentity() } satisfies LockFile);
  await makePrivateFolder(dirname(path));
  try {
    await writeFileAtomic(path, text, { mode: 0o600, ifAbsent: true });
    return true;
  } catch (error) {
    if (isErrorWithCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Tries to take a lock. One that a dead process left is removed first, under a lock of its own that is named
 * after the dead lock's id: of several processes that find it, one at a time looks again and removes it, so none
 * removes a lock that somebody has just taken.
 */
async function tryTake(path: string, id: string): Promise<boolean> {
  if (await create(path, id)) return true;
  const found = await readLock(path);
  if (found === undefined) return create(path, id);
  if (!holderGone(found.lock.owner) && found.ageMs < abandonedAfterMs) return false;
  const removal = `${path}.${found.lock.id.slice(0, 8)}.lock`;
  if (!(await tryTake(removal, randomUUID()))) return false;
  try {
    if ((await readLock(path))?.lock.id === found.lock.id) await rm(path, { force: true });
  } finally {
    await rm(removal, { force: true });
  }
  return create(path, id);
}

/** How long a lock is waited for. */
export interface LockWait {
  /** Milliseconds; 0 asks once. */
  readonly waitMs: number;
  /** Measures them. */
  readonly clock: Clock;
  /** Ends the waiting early. */
  readonly signal?: AbortSignal;
}

const pollMs = 25;

/** Shows those who cannot ask about this process that the lock is held, until it is over or the lock is gone. */
async function keepFresh(path: string, clock: Clock, over: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await clock.sleep(touchEveryMs, over);
    } catch (error) {
      if (over.aborted) return;
      throw error;
    }
    const now = new Date(clock.now());
    try {
      await utimes(path, now, now);
    } catch (error) {
      if (isErrorWithCode(error, 'ENOENT')) return;
      throw error;
    }
  }
}

/**
 * Runs `work` while no other process does the same under this lock. The lock of a process that is gone, killed ones
 * included, is as good as none.
 *
 * @param path the lock's file
 * @returns what `work` answers; `undefined` when the lock could not be had in time
 */
export async function withHolderLock<Result>(
  path: string,
  { waitMs, clock, signal }: LockWait,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result } | undefined> {
  const id = randomUUID();
  const deadline = clock.monotonic() + waitMs;
  while (!(await tryTake(path, id))) {
    if (clock.monotonic() >= deadline) return undefined;
    await clock.sleep(pollMs, signal);
  }
  const over = new AbortController();
  const fresh = keepFresh(path, clock, over.signal);
  // Not being able to touch the lock is told at the end; until then nobody listens.
  fresh.catch(() => undefined);
  try {
    const result = await work();
    over.abort();
    await fresh;
    return { result };
  } finally {
    over.abort();
    // Unless it was taken for left behind meanwhile, and is somebody else's now.
    if ((await readLock(path))?.lock.id === id) await rm(path, { force: true });
  }
}
