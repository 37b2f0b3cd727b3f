import type { Sha256 } from '@buildstate/core';
import { createSHA256 } from 'hash-wasm';

/**
 * SHA-256 in WebAssembly, behind the same interface as the one of node:crypto: for browsers, whose own `crypto.subtle`
 * wants all of the bytes at once, and for runtimes without node:crypto. Several times slower than node:crypto.
 */
export async function wasmSha256(): Promise<Sha256> {
  const running = await createSHA256();
  return {
    update: (bytes) => void running.update(bytes),
    hex: () => running.digest('hex'),
    soFar() {
      // There is only one state; the digest uses it up.
      const state = running.save();
      const hex = running.digest('hex');
      running.load(state);
      return hex;
    },
  };
}
