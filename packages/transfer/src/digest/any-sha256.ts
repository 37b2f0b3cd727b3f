import type { Sha256 } from '@buildstate/core';
import { wasmSha256 } from './wasm-sha256.ts';

/** What is used of node:crypto. */
interface NodeHash {
  update(bytes: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
  copy(): NodeHash;
}

interface NodeCrypto {
  createHash(algorithm: 'sha256'): NodeHash;
}

/** What tells Node from a browser, without an import that a browser would fail on. */
interface Runtime {
  readonly process?: { getBuiltinModule?(name: string): NodeCrypto | undefined };
}

/** A SHA-256 by node:crypto where there is one, else in WebAssembly. */
export async function anySha256(runtime: Runtime = globalThis as Runtime): Promise<Sha256> {
  const node = runtime.process?.getBuiltinModule?.('node:crypto');
  if (node === undefined) return await wasmSha256();
  const running = node.createHash('sha256');
  return {
    update: (bytes) => void running.update(bytes),
    hex: () => running.digest('hex'),
    soFar: () => running.copy().digest('hex'),
  };
}
