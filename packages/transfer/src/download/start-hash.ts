import type { FileHash } from './file-hash.ts';
import { hashInline } from './hash-inline.ts';
import { hashInThread } from './hash-thread.ts';
import type { PartFile } from './part-file.ts';
import type { ResolvedVerifyOptions } from './read-options.ts';

/** Files below this size are hashed sooner than a thread has started. */
const threadBytes = 4 * 1024 * 1024;

/** Begins to hash a file, in the way that suits its size and the caller's own SHA-256. */
export function startHash(
  { crypto, expected }: ResolvedVerifyOptions,
  file: PartFile,
  sizeBytes: number,
): FileHash {
  const options = { fd: file.handle.fd, sizeBytes, md5: expected.md5 !== undefined };
  return crypto === undefined && sizeBytes >= threadBytes
    ? hashInThread(options)
    : hashInline({ ...options, crypto });
}
