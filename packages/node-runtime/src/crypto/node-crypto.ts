import { createHash, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Crypto, KeyRing, Sha256 } from '@buildstate/core';

/** Starts a SHA-256 of `node:crypto`, which needs no keys. */
export function startSha256(): Sha256 {
  const running = createHash('sha256');
  return {
    update(bytes) {
      running.update(bytes);
    },
    soFar: () => running.copy().digest('hex'),
    hex: () => running.digest('hex'),
  };
}

/**
 * The engine's cryptography on `node:crypto`.
 * @param keys signs, verifies, seals and opens; see `loadKeyRing`
 */
export function createNodeCrypto(keys: KeyRing): Crypto {
  return {
    keys,
    sha256: startSha256,
    sha256Hex: (data) => hash('sha256', data, 'hex'),
    random: (length) => new Uint8Array(randomBytes(length)),
    equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  };
}
