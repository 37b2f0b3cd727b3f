import { randomUUID } from 'node:crypto';
import type { ArtifactBackend, BackendProbe, CallOptions } from '@buildstate/core';
import { StorageError, StorageExistsError } from '@buildstate/core/light';
import { discardBody } from '@buildstate/transfer';

const body = new TextEncoder().encode('probe');

/** The calls that a probe makes. */
export type ProbedPlace = Pick<ArtifactBackend, 'delete' | 'list' | 'put' | 'read'>;

/** What went wrong with an attempt, as a sentence, or `undefined` when nothing did. */
async function problemOf(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    if (error instanceof StorageError) return error.message;
    throw error;
  }
}

/** Whether a second put of a key that must be new is refused. Stores may refuse conditions or ignore them. */
async function honoursConditions(place: ProbedPlace, key: string, options: CallOptions): Promise<boolean> {
  try {
    await place.put(key, body, { ...options, ifAbsent: true });
    return false;
  } catch (error) {
    if (error instanceof StorageExistsError) return true;
    if (error instanceof StorageError && error.persistence === 'permanent') return false;
    throw error;
  }
}

async function listSome(place: ProbedPlace, options: CallOptions): Promise<void> {
  for await (const _ of place.list('', options)) return;
}

/** Tries listing, writing, reading, conditions and deleting, with an object that is removed again. */
export async function probeObjects(place: ProbedPlace, options: CallOptions): Promise<BackendProbe> {
  const key = `.bldst-probe/${randomUUID()}`;
  const unlistable = await problemOf(listSome(place, options));
  let conditionalPut = false;
  const write = async () => {
    await place.put(key, body, options);
    conditionalPut = await honoursConditions(place, key, options);
  };
  const unwritable = await problemOf(write());
  if (unwritable !== undefined) {
    const problem = unlistable ?? unwritable;
    return { readable: unlistable === undefined, writable: false, conditionalPut, problem };
  }
  const read = async () => await discardBody((await place.read(key, options)).body);
  const unreadable = unlistable ?? (await problemOf(read()));
  const undeletable = await problemOf(place.delete(key, options));
  return {
    readable: unreadable === undefined,
    writable: undeletable === undefined,
    conditionalPut,
    problem: unreadable ?? undeletable,
  };
}
