import { open } from 'node:fs/promises';
import type { Crypto } from '@buildstate/core';
import { checkUnchanged, identityOf } from '../source/file-identity.ts';
import { readSlices, sliceBytes } from '../source/read-slices.ts';

/** Digest and size of a file. */
export interface LocalDigest {
  /** 64 lower-case hexadecimal characters. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly sizeBytes: number;
}

/** What hashing a file takes. */
export interface LocalDigestOptions {
  /** Makes the hash. */
  readonly crypto: Pick<Crypto, 'sha256'>;
  /** Ends the work early with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * SHA-256 of a local file in one pass and bounded memory.
 * @throws IntegrityError when the file changes meanwhile; the system's error when it cannot be read
 */
export async function localSha256(path: string, options: LocalDigestOptions): Promise<LocalDigest> {
  const sha = options.crypto.sha256();
  await using handle = await open(path, 'r');
  const identity = identityOf(await handle.stat({ bigint: true }));
  const buffer = Buffer.allocUnsafeSlow(2 * sliceBytes);
  let position = 0;
  let count: number;
  do {
    options.signal?.throwIfAborted();
    count = await readSlices(handle, buffer, position, (slice) => sha.update(slice));
    position += count;
  } while (count === buffer.length);
  await checkUnchanged(handle, identity, path);
  return { sha256: sha.hex(), sizeBytes: position };
}
