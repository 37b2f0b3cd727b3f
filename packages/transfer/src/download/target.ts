import { lstat, mkdir, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AlreadyExistsError, LimitError, NoSpaceError, ValidationError } from '@buildstate/core/light';
import { isErrorWithCode } from '@buildstate/node-runtime';

/** The error for a target that must stay. */
export function taken(target: string, cause?: unknown): AlreadyExistsError {
  return new AlreadyExistsError(
    `${target} exists. Choose another place, or say that it may be overwritten.`,
    {
      cause,
      context: { path: target },
    },
  );
}

/**
 * Checks that a file may be made at the target, and makes the folder for it.
 * @throws AlreadyExistsError when there is one that must stay; ValidationError when it is a folder
 */
export async function prepareTarget(target: string, overwrite: boolean): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const stats = await lstat(target).catch((error: unknown) => {
    if (isErrorWithCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (stats?.isDirectory()) {
    const message = 'is a folder; name the file that is to be made';
    throw new ValidationError(`${target} ${message}.`, { problems: [{ path: 'target', message }] });
  }
  if (stats !== undefined && !overwrite) throw taken(target);
}

/** @throws NoSpaceError when the target's file system has fewer free bytes than needed */
export async function checkFreeSpace(target: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(target));
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  throw new NoSpaceError(
    `${dirname(target)} has ${freeBytes} bytes free, but ${neededBytes} are needed. Free some space, or choose another place.`,
    { context: { path: target, free_bytes: freeBytes, needed_bytes: neededBytes } },
  );
}

/**
 * Turns the system's error into one that names the cause.
 * @param written bytes that were written before
 */
export function writeError(error: unknown, target: string, written: number): unknown {
  const context = { path: target, written_bytes: written };
  if (isErrorWithCode(error, 'ENOSPC', 'EDQUOT')) {
    const what = isErrorWithCode(error, 'EDQUOT') ? 'the quota is used up' : 'the disk is full';
    const message = `Writing ${target} stopped after ${written} bytes: ${what}. Nothing was left behind.`;
    return new NoSpaceError(message, { cause: error, context });
  }
  if (isErrorWithCode(error, 'EFBIG')) {
    return new LimitError(`${target} exceeds the largest file that its file system holds.`, {
      cause: error,
      context,
    });
  }
  return error;
}

/** Whether the file system has no links, as FAT and some shares. */
export function isLinkless(error: unknown): boolean {
  return isErrorWithCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK');
}
