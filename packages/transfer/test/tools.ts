import { createHash } from 'node:crypto';
import { createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';

/** Cryptography without keys, for hashing. */
export const crypto = createNodeCrypto(await loadKeyRing());

/** SHA-256 by another way than the code under test. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export const mebibyte = 1024 * 1024;

/** Bytes in chunks of one size. */
export async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
