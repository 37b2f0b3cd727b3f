import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from './byte-source.ts';
import { checkUnchanged, type FileIdentity } from './file-identity.ts';
import { readSlices } from './read-slices.ts';

/**
 * Reads a regular file at positions of our own, up to the size that it had when it was opened.
 * @param handle an open file, closed together with the source
 */
export function fileSource(handle: FileHandle, identity: FileIdentity, path: string): ByteSource {
  let position = 0;
  return {
    name: path,
    path,
    identity,
    fd: handle.fd,
    sizeBytes: identity.sizeBytes,
    async fill(buffer, observe) {
      const left = identity.sizeBytes - position;
      const wanted = left < buffer.length ? buffer.subarray(0, left) : buffer;
      const count = await readSlices(handle, wanted, position, observe);
      position += count;
      return count;
    },
    atEnd: () => Promise.resolve(position >= identity.sizeBytes),
    check: () => checkUnchanged(handle, identity, path),
    close: () => handle.close(),
  };
}
