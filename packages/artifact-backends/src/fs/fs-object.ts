import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import type { ObjectInfo, ReadOptions, ReadResult } from '@buildstate/core';
import { isErrorWithCode } from '@buildstate/node-runtime';
import { closableBody } from '@buildstate/transfer';
import { objectChanged, objectNotFound } from '../backend-errors.ts';
import { linkRefused, toStorageError } from './fs-errors.ts';
import type { FsRoot } from './fs-root.ts';

const chunkBytes = 256 * 1024;
/** Links are refused; a pipe with that name must not block the opening. */
const readOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What tells one content of a file from another. */
export function versionOf(stats: BigIntStats): string {
  return [stats.ino, stats.size, stats.mtimeNs].map((number) => number.toString(36)).join('-');
}

/** An object's description from its file's. */
export function infoOf(key: string, stats: BigIntStats): ObjectInfo {
  return { key, size: Number(stats.size), version: versionOf(stats), modifiedAt: Number(stats.mtimeMs) };
}

/**
 * Gives a new file a time of its own to the microsecond. File systems stamp with the timer tick (milliseconds)
 * and reuse inode numbers, so two quick replacements could otherwise look like the first version.
 */
export async function stamp(handle: FileHandle): Promise<void> {
  const seconds = (performance.timeOrigin + performance.now()) / 1000;
  await handle.utimes(seconds, seconds);
}

/** Size and version of an object's file, or `undefined` when there is none. @throws StorageError for links */
export async function statObject(root: FsRoot, key: string): Promise<ObjectInfo | undefined> {
  const path = root.pathOf(key);
  await root.refuseLinks(key);
  try {
    const stats = await lstat(path, { bigint: true });
    if (stats.isSymbolicLink()) throw linkRefused(root.nameOf(key));
    return stats.isFile() ? infoOf(key, stats) : undefined;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function openFile(root: FsRoot, key: string): Promise<FileHandle> {
  const path = root.pathOf(key);
  await root.refuseLinks(key);
  try {
    return await open(path, readOnly);
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENXIO'))
      throw objectNotFound(root.nameOf(key), error);
    if (isErrorWithCode(error, 'ELOOP')) throw linkRefused(root.nameOf(key));
    throw error;
  }
}

function bodyOf(
  handle: FileHandle,
  name: string,
  info: ObjectInfo,
  range: { readonly start: number; readonly end: number },
  borrowed: boolean,
): ReadResult['body'] {
  let position = range.start;
  const lent = borrowed ? Buffer.allocUnsafeSlow(chunkBytes) : undefined;
  const check = async () => {
    const now = await handle.stat({ bigint: true });
    if (versionOf(now) !== info.version) throw objectChanged(name);
  };
  return closableBody({
    async next() {
      if (position >= range.end) {
        // Objects are replaced as whole files; one that was edited in place is not what it was.
        await check();
        return undefined;
      }
      const wanted = Math.min(chunkBytes, range.end - position);
      try {
        const { bytesRead, buffer } = await handle.read(
          lent ?? Buffer.allocUnsafe(wanted),
          0,
          wanted,
          position,
        );
        if (bytesRead === 0) throw objectChanged(name);
        position += bytesRead;
        return buffer.subarray(0, bytesRead);
      } catch (error) {
        throw toStorageError(error, `read of ${name}`);
      }
    },
    close: () => handle.close(),
  });
}

/** Opens an object for reading. An open object stays readable when it is replaced or deleted. */
export async function readObject(root: FsRoot, key: string, options: ReadOptions): Promise<ReadResult> {
  const name = root.nameOf(key);
  const handle = await openFile(root, key);
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile()) throw objectNotFound(name);
    const info = infoOf(key, stats);
    if (options.ifVersion !== undefined && options.ifVersion !== info.version) throw objectChanged(name);
    const { start = 0, end = info.size, borrowed = false } = options;
    return { body: bodyOf(handle, name, info, { start, end: Math.min(end, info.size) }, borrowed), info };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
