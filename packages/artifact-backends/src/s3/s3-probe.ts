import { randomUUID } from 'node:crypto';
import type { BackendProbe, CallOptions } from '@buildstate/core';
import { StorageError, StorageExistsError } from '@buildstate/core/light';
import { discardBody } from '@buildstate/transfer';
import type { S3Connection } from './s3-connection.ts';
import { listObjects } from './s3-list.ts';
import { deleteObject, putObject } from './s3-object.ts';
import { readObject } from './s3-read.ts';

const body = new TextEncoder().encode('probe');

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

async function tryListing(connection: S3Connection, options: CallOptions): Promise<void> {
  await listObjects(connection, '', options).next();
}

/** Whether a second put of a key that must be new is refused. Stores may refuse conditions or ignore them. */
async function honoursConditions(
  connection: S3Connection,
  key: string,
  options: CallOptions,
): Promise<boolean> {
  try {
    await putObject(connection, key, body, { ...options, ifAbsent: true });
    return false;
  } catch (error) {
    if (error instanceof StorageExistsError) return true;
    if (error instanceof StorageError && error.persistence === 'permanent') return false;
    throw error;
  }
}

/** Tries listing, writing, reading, conditions and deleting, with an object that is removed again. */
export async function probeBucket(connection: S3Connection, options: CallOptions): Promise<BackendProbe> {
  const key = `.bldst-probe/${randomUUID()}`;
  const unlistable = await problemOf(tryListing(connection, options));
  let conditionalPut = false;
  const write = async () => {
    await putObject(connection, key, body, options);
    conditionalPut = await honoursConditions(connection, key, options);
  };
  const unwritable = await problemOf(write());
  if (unwritable !== undefined) {
    return {
      readable: unlistable === undefined,
      writable: false,
      conditionalPut,
      problem: unlistable ?? unwritable,
    };
  }
  const read = async () => await discardBody((await readObject(connection, key, options)).body);
  const unreadable = unlistable ?? (await problemOf(read()));
  const undeletable = await problemOf(deleteObject(connection, key, options.signal));
  return {
    readable: unreadable === undefined,
    writable: undeletable === undefined,
    conditionalPut,
    problem: unreadable ?? undeletable,
  };
}
