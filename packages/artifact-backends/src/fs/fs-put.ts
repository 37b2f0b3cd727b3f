import { type FileHandle, open, rm } from 'node:fs/promises';
import type { ObjectInfo, PutOptions } from '@buildstate/core';
import { infoOf, stamp } from './fs-object.ts';
import { placeFile } from './fs-place.ts';
import type { FsRoot } from './fs-root.ts';

/** Larger writes cost ext4 several times the system time per byte. */
const writeBytes = 256 * 1024;

/** Writes bytes at a position, slice by slice, so that an abort takes effect soon. */
export async function writeAt(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    signal?.throwIfAborted();
    const length = Math.min(writeBytes, bytes.length - done);
    done += (await handle.write(bytes, done, length, position + done)).bytesWritten;
  }
}

/** Stores a small object: written aside, synced, moved to its place. */
export async function putObject(
  root: FsRoot,
  key: string,
  body: Uint8Array,
  options: PutOptions,
): Promise<ObjectInfo> {
  root.pathOf(key);
  const temporary = await root.newStagingPath('put-');
  try {
    let info: ObjectInfo;
    {
      await using handle = await open(temporary, 'wx');
      await writeAt(handle, body, 0, options.signal);
      await stamp(handle);
      await handle.sync();
      info = infoOf(key, await handle.stat({ bigint: true }));
    }
    options.signal?.throwIfAborted();
    await placeFile(root, temporary, key, options.ifAbsent === true);
    return info;
  } finally {
    await rm(temporary, { force: true });
  }
}
