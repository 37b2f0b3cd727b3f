import { randomUUID } from 'node:crypto';
import type {
  ArtifactBackend,
  BackendCapabilities,
  ObjectInfo,
  PartBody,
  UploadedPart,
} from '@buildstate/core';
import { StorageChangedError, StorageNotFoundError } from '@buildstate/core/light';

/** What a test does to the backend's calls. Whatever a hook throws, the call throws. */
export interface FakeHooks {
  /** Before a part is stored. */
  readonly onPart?: (part: PartBody, signal: AbortSignal | undefined) => Promise<void> | void;
  /** Instead of the part that the store would answer. */
  readonly partAnswer?: (part: UploadedPart) => UploadedPart;
  /** After a part was stored, before that is answered. */
  readonly onPartStored?: (part: PartBody) => Promise<void> | void;
  /** After an upload was begun, before that is answered. */
  readonly onCreated?: () => Promise<void> | void;
  /** Before parts are listed. */
  readonly onList?: () => Promise<void> | void;
  /** After an upload was completed, before that is answered. */
  readonly onCompleted?: () => Promise<void> | void;
  /** Before an upload is completed. */
  readonly onComplete?: () => Promise<void> | void;
  /** Before an upload is given up. */
  readonly onAbort?: () => Promise<void> | void;
  /** Before a small object is stored. */
  readonly onPut?: () => Promise<void> | void;
  /** Before an object's size is answered. */
  readonly onStat?: () => Promise<void> | void;
  /** Instead of the bytes of the object that were asked for. */
  readonly body?: (
    bytes: Buffer,
    reads: number,
    range: { readonly start: number; readonly end: number },
  ) => AsyncIterable<Uint8Array>;
  /** Instead of what the store would say about an object. */
  readonly info?: (info: ObjectInfo) => ObjectInfo;
}

/** A backend in memory that tests can look into. */
export interface FakeBackend extends ArtifactBackend {
  readonly objects: Map<string, Buffer>;
  /** Uploads that are neither completed nor given up. */
  readonly open: Map<string, Map<number, Buffer>>;
  /** Parts on their way, most at once. */
  readonly most: { parts: number; bytes: number };
  readonly reads: { count: number; closed: number };
}

async function* whole(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

/** Makes a backend that does what it should, except for what the hooks do. */
export function fakeBackend(hooks: FakeHooks = {}, limits: Partial<BackendCapabilities> = {}): FakeBackend {
  const objects = new Map<string, Buffer>();
  const versions = new Map<string, string>();
  const open = new Map<string, Map<number, Buffer>>();
  const keys = new Map<string, string>();
  const completed = new Map<string, ObjectInfo>();
  const most = { parts: 0, bytes: 0 };
  const reads = { count: 0, closed: 0 };
  const now = { parts: 0, bytes: 0 };
  const store = (key: string, bytes: Buffer): ObjectInfo => {
    objects.set(key, bytes);
    versions.set(key, randomUUID());
    return infoOf(key);
  };
  const infoOf = (key: string): ObjectInfo => {
    const info = { key, size: objects.get(key)?.length ?? 0, version: versions.get(key) ?? '' };
    return hooks.info?.(info) ?? info;
  };
  const absent = (key: string) => new StorageNotFoundError(`fake:/${key} was not found.`);
  return {
    uri: 'fake:',
    kind: 'fake',
    capabilities: {
      minPartBytes: 1,
      maxParts: 10_000,
      maxPartBytes: 2 ** 40,
      maxPutBytes: 8 * 1024 * 1024,
      equalParts: false,
      conditionalPut: true,
      resumableUploads: true,
      ...limits,
    },
    objects,
    open,
    most,
    reads,
    async stat(key) {
      await hooks.onStat?.();
      return objects.has(key) ? infoOf(key) : undefined;
    },
    async read(key, options = {}) {
      const bytes = objects.get(key);
      if (bytes === undefined) throw absent(key);
      if (options.ifVersion !== undefined && options.ifVersion !== versions.get(key)) {
        throw new StorageChangedError(`fake:/${key} was replaced meanwhile.`);
      }
      reads.count += 1;
      const { start = 0, end = bytes.length } = options;
      const wanted = bytes.subarray(start, end);
      const body = hooks.body?.(wanted, reads.count, { start, end }) ?? whole(wanted);
      return { body, info: infoOf(key) };
    },
    async put(key, body) {
      await hooks.onPut?.();
      return store(key, Buffer.from(body));
    },
    async createUpload(key) {
      const uploadId = randomUUID();
      open.set(uploadId, new Map());
      keys.set(uploadId, key);
      await hooks.onCreated?.();
      return { key, uploadId };
    },
    async uploadPart({ key, uploadId }, part, options = {}) {
      const { number, bytes } = part;
      now.parts += 1;
      now.bytes += bytes.length;
      most.parts = Math.max(most.parts, now.parts);
      most.bytes = Math.max(most.bytes, now.bytes);
      try {
        await hooks.onPart?.(part, options.signal);
        await new Promise((resolve) => setImmediate(resolve));
        const parts = open.get(uploadId);
        if (parts === undefined) throw absent(key);
        parts.set(number, Buffer.from(bytes));
        await hooks.onPartStored?.(part);
        const answer = { number, size: bytes.length, tag: `tag-${number}` };
        return hooks.partAnswer?.(answer) ?? answer;
      } finally {
        now.parts -= 1;
        now.bytes -= bytes.length;
      }
    },
    async listParts({ uploadId }) {
      await hooks.onList?.();
      const parts = [...(open.get(uploadId) ?? [])].toSorted(([a], [b]) => a - b);
      return {
        uploadKnown: open.has(uploadId),
        parts: parts.map(([number, { length: size }]) => ({ number, size, tag: `tag-${number}` })),
      };
    },
    async completeUpload({ key, uploadId }, parts) {
      await hooks.onComplete?.();
      const done = completed.get(uploadId);
      if (done !== undefined && versions.get(key) === done.version) return done;
      const held = open.get(uploadId);
      if (held === undefined) throw absent(key);
      open.delete(uploadId);
      const info = store(key, Buffer.concat(parts.flatMap(({ number }) => held.get(number) ?? [])));
      completed.set(uploadId, info);
      await hooks.onCompleted?.();
      return info;
    },
    async listUploads(key) {
      return [...open.keys()].filter((id) => keys.get(id) === key).map((uploadId) => ({ key, uploadId }));
    },
    async abortUpload({ uploadId }) {
      await hooks.onAbort?.();
      open.delete(uploadId);
    },
    async *list() {},
    async delete(key) {
      objects.delete(key);
    },
    async probe() {
      return { readable: true, writable: true, conditionalPut: true };
    },
    async close() {},
  };
}
