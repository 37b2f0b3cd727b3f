import { link, readdir, rm, statfs } from 'node:fs/promises';
import type { BackendProbe } from '@buildstate/core';
import { isErrorWithCode, writeFileAtomic } from '@buildstate/node-runtime';
import { toStorageError } from './fs-errors.ts';
import type { FsRoot } from './fs-root.ts';

/** What went wrong with an attempt, as a sentence, or `undefined` when nothing did. */
async function problemOf(attempt: Promise<unknown>, what: string): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    const translated = toStorageError(error, what);
    if (translated instanceof Error) return translated.message;
    throw error;
  }
}

/** Writes a small file durably, and tries whether a second name for it is refused when it is taken. */
async function tryWriting(root: FsRoot): Promise<boolean> {
  const path = await root.newStagingPath('probe-');
  const second = `${path}-link`;
  try {
    await writeFileAtomic(path, 'probe');
    await link(path, second);
    await link(path, second);
    return false;
  } catch (error) {
    if (isErrorWithCode(error, 'EEXIST')) return true;
    // File systems without links keep objects well, but cannot place them under a condition.
    if (isErrorWithCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK')) return false;
    throw error;
  } finally {
    await rm(path, { force: true });
    await rm(second, { force: true });
  }
}

/** Tries reading, writing and conditional placing, and asks for the free space. */
export async function probeRoot(root: FsRoot): Promise<BackendProbe> {
  const unreadable = await problemOf(readdir(root.path), `reading of ${root.path}`);
  let conditionalPut = false;
  const writing = tryWriting(root).then((works) => {
    conditionalPut = works;
  });
  const unwritable = await problemOf(writing, `writing to ${root.path}`);
  const { bavail, bsize } = await statfs(root.path);
  return {
    readable: unreadable === undefined,
    writable: unwritable === undefined,
    conditionalPut,
    freeBytes: bavail * bsize,
    problem: unreadable ?? unwritable,
  };
}
