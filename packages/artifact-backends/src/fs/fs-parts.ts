import { constants } from 'node:fs';
import { chmod, copyFile, open, stat } from 'node:fs/promises';
import type { PartBody, UploadedPart } from '@buildstate/core';
import { isErrorWithCode } from '@buildstate/node-runtime';
import { writeAt } from './fs-put.ts';
import { partDataPath, writeRecord } from './part-records.ts';
import type { UploadFolder } from './upload-folder.ts';

/** What the system answers when two places cannot share blocks. */
const cannotClone = ['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EINVAL', 'ENOSYS', 'ENOTTY', 'ETXTBSY'] as const;

/**
 * Stores a part. With an offset it goes to its place in the data file, which then is the object; without one,
 * to a file of its own, to be copied on completion. Its bytes are on the disk before its record is.
 */
export async function storePart(
  folder: UploadFolder,
  part: PartBody,
  signal: AbortSignal | undefined,
): Promise<UploadedPart> {
  const { number, offset, bytes } = part;
  const path = offset === undefined ? partDataPath(folder.path, number) : folder.dataPath;
  const truncate = offset === undefined ? constants.O_TRUNC : 0;
  {
    await using handle = await open(path, constants.O_WRONLY | constants.O_CREAT | truncate, 0o666);
    await writeAt(handle, bytes, offset ?? 0, signal);
    await handle.datasync();
  }
  signal?.throwIfAborted();
  return await writeRecord(folder.path, {
    number,
    size: bytes.length,
    ...(offset === undefined ? {} : { offset }),
  });
}

/**
 * Makes the data file share the blocks of a local file, as the only part. Answers `undefined`, having done
 * nothing, where the file systems cannot. A later edit of either file does not touch the other.
 */
export async function clonePart(folder: UploadFolder, path: string): Promise<UploadedPart | undefined> {
  try {
    await copyFile(path, folder.dataPath, constants.COPYFILE_FICLONE_FORCE);
  } catch (error) {
    if (isErrorWithCode(error, ...cannotClone)) return undefined;
    throw error;
  }
  // The source's permissions came along; a write-protected file could not be synced later.
  await chmod(folder.dataPath, 0o644);
  const { size } = await stat(folder.dataPath);
  return await writeRecord(folder.path, { number: 1, size, offset: 0 });
}
