import { randomBytes } from 'node:crypto';
import type { ArtifactBackend, ReadOptions, UploadedPart, UploadHandle } from '@buildstate/core';
import { afterEach, beforeEach, it } from 'vitest';

/** An empty place of its own for one test. */
export interface BackendPlace {
  /** The backend under test. */
  readonly backend: ArtifactBackend;
  /** Another instance over the same place, as another process would have; missing when there is none. */
  readonly reopen?: () => Promise<ArtifactBackend>;
  /** Removes the place. */
  readonly cleanup: () => Promise<void>;
}

/** What a backend declares about itself where backends may differ. */
export interface BackendTraits {
  /** Whether a conditional put is race-free here. */
  readonly conditionalPut: boolean;
  /** Whether `a` and `a/b` can both be objects. @default true */
  readonly flatKeys?: boolean;
  /** Whether another instance can go on with an upload: the place then has `reopen`. @default false */
  readonly resumableUploads?: boolean;
  /** Whether all parts but the last must have the same size. @default false */
  readonly equalParts?: boolean;
}

/** What the cases work with: the place of the running test, and shorthands. */
export interface BackendBench {
  readonly traits: BackendTraits;
  /** The backend of the running test. */
  readonly backend: () => ArtifactBackend;
  /** Another instance over the same place. */
  readonly reopen: () => Promise<ArtifactBackend>;
  /** All bytes of an object. */
  readonly bytesOf: (key: string, options?: ReadOptions) => Promise<Buffer>;
  /** Random bytes of the smallest size that a part which is not the last may have. */
  readonly partBytes: () => Buffer;
  /** Sends bytes as parts 1, 2, …; completes them in order. */
  readonly uploadParts: (
    upload: UploadHandle,
    parts: readonly Uint8Array[],
  ) => Promise<readonly UploadedPart[]>;
  /** All keys with a prefix, in the order in which they are listed. */
  readonly keys: (prefix?: string) => Promise<readonly string[]>;
}

/** Registers a case only where it applies; elsewhere it does not exist, so nothing is reported as left out. */
export function when(applies: boolean): (title: string, run: () => Promise<void>) => void {
  return (title, run) => {
    if (applies) it(title, run);
  };
}

/** Text as bytes. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** All bytes of a body. */
export async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Makes a place before every test of the surrounding group and removes it afterwards. */
export function backendBench(open: () => Promise<BackendPlace>, traits: BackendTraits): BackendBench {
  let place: BackendPlace | undefined;
  beforeEach(async () => {
    place = await open();
  });
  afterEach(async () => {
    const used = place;
    place = undefined;
    await used?.backend.close();
    await used?.cleanup();
  });
  const current = (): BackendPlace => {
    if (place === undefined) throw new Error('The bench works inside tests only.');
    return place;
  };
  const backend = () => current().backend;
  return {
    traits,
    backend,
    async reopen() {
      const again = await current().reopen?.();
      if (again === undefined) throw new Error('A place with resumable uploads must have `reopen`.');
      return again;
    },
    bytesOf: async (key, options) => await collect((await backend().read(key, options)).body),
    partBytes: () => randomBytes(Math.max(backend().capabilities.minPartBytes, 1000)),
    async uploadParts(upload, parts) {
      return await Promise.all(
        parts.map((part, index) => backend().uploadPart(upload, { number: index + 1, bytes: part })),
      );
    },
    async keys(prefix = '') {
      const found: string[] = [];
      for await (const object of backend().list(prefix)) found.push(object.key);
      return found;
    },
  };
}
