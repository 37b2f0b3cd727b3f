import { createHash } from 'node:crypto';
import type { Crypto } from '@buildstate/core';

/** Hashes one upload and can tell the digest before the end of it. */
export interface RunningSha256 {
  /** For the transfer. */
  readonly crypto: Pick<Crypto, 'sha256'>;
  /** The digest of what went by so far: 64 lower-case hexadecimal characters. */
  soFar(): string;
}

/**
 * A server that keeps bytes itself is told the digest when the upload is completed, which is before the transfer
 * answers it.
 */
export function runningSha256(): RunningSha256 {
  let hash = createHash('sha256');
  return {
    crypto: {
      sha256() {
        hash = createHash('sha256');
        const own = hash;
        return { update: (bytes) => void own.update(bytes), hex: () => own.copy().digest('hex') };
      },
    },
    soFar: () => hash.copy().digest('hex'),
  };
}
