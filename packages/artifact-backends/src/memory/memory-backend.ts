import type {
  ArtifactBackend,
  BackendProbe,
  CallOptions,
  Clock,
  ListedObject,
  ListedParts,
  ObjectInfo,
  PartBody,
  PutOptions,
  ReadOptions,
  ReadResult,
  UploadedPart,
  UploadHandle,
} from '@buildstate/core';
import { checkStorageKey } from '@buildstate/core/light';
import { createIds, systemClock } from '@buildstate/node-runtime';
import { closableBody } from '@buildstate/transfer';
import {
  bodyTooLarge,
  objectChanged,
  objectExists,
  objectNotFound,
  uploadUnknown,
  wrongPart,
} from '../backend-errors.ts';
import { byteOrder } from '../byte-order.ts';
import { defaultCapabilities } from '../capabilities.ts';

const capabilities = { ...defaultCapabilities, conditionalPut: true, resumableUploads: false };
const chunkBytes = 256 * 1024;

interface StoredObject {
  readonly info: ObjectInfo;
  readonly bytes: Uint8Array;
}

interface StoredUpload {
  readonly key: string;
  readonly parts: Map<number, { readonly part: UploadedPart; readonly bytes: Uint8Array }>;
  completed?: ObjectInfo;
}

function chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  let position = 0;
  return closableBody({
    async next() {
      if (position >= bytes.length) return undefined;
      // A copy: what the reader does to its chunk is no business of the store's.
      const chunk = bytes.slice(position, position + chunkBytes);
      position += chunk.length;
      return chunk;
    },
    close: async () => undefined,
  });
}

/** Keeps objects in memory: for tests and trials. Passes the same suite as the other backends. */
export class MemoryBackend implements ArtifactBackend {
  readonly uri = 'memory:';
  readonly kind = 'memory';
  readonly capabilities = capabilities;
  readonly #objects = new Map<string, StoredObject>();
  readonly #uploads = new Map<string, StoredUpload>();
  readonly #ids = createIds();
  readonly #clock: Pick<Clock, 'now'>;
  #writes = 0;

  /** @param clock for `modifiedAt` */
  constructor(clock: Pick<Clock, 'now'> = systemClock) {
    this.#clock = clock;
  }

  /** See `ArtifactBackend.stat`. */
  async stat(key: string, options: CallOptions = {}): Promise<ObjectInfo | undefined> {
    this.#enter(key, options);
    return this.#objects.get(key)?.info;
  }

  /** See `ArtifactBackend.read`. */
  async read(key: string, options: ReadOptions = {}): Promise<ReadResult> {
    const name = this.#enter(key, options);
    const stored = this.#objects.get(key);
    if (stored === undefined) throw objectNotFound(name);
    if (options.ifVersion !== undefined && options.ifVersion !== stored.info.version)
      throw objectChanged(name);
    const { start = 0, end = stored.bytes.length } = options;
    return { body: chunks(stored.bytes.subarray(start, Math.max(start, end))), info: stored.info };
  }

  /** See `ArtifactBackend.put`. */
  async put(key: string, body: Uint8Array, options: PutOptions = {}): Promise<ObjectInfo> {
    const name = this.#enter(key, options);
    const { maxPutBytes } = this.capabilities;
    if (body.length > maxPutBytes) throw bodyTooLarge(name, body.length, maxPutBytes);
    if (options.ifAbsent === true && this.#objects.has(key)) throw objectExists(name);
    return this.#store(key, Uint8Array.from(body));
  }

  /** See `ArtifactBackend.createUpload`. */
  async createUpload(key: string, options: CallOptions = {}): Promise<UploadHandle> {
    this.#enter(key, options);
    const uploadId = this.#ids.uuid();
    this.#uploads.set(uploadId, { key, parts: new Map() });
    return { key, uploadId };
  }

  /** See `ArtifactBackend.uploadPart`. */
  async uploadPart(upload: UploadHandle, body: PartBody, options: CallOptions = {}): Promise<UploadedPart> {
    const name = this.#enter(upload.key, options);
    const stored = this.#open(upload);
    if (stored === undefined) throw uploadUnknown(name);
    this.#writes += 1;
    const part = { number: body.number, size: body.bytes.length, tag: String(this.#writes) };
    stored.parts.set(body.number, { part, bytes: Uint8Array.from(body.bytes) });
    return part;
  }

  /** See `ArtifactBackend.listParts`. */
  async listParts(upload: UploadHandle, options: CallOptions = {}): Promise<ListedParts> {
    this.#enter(upload.key, options);
    const stored = this.#open(upload);
    if (stored === undefined) return { uploadKnown: false, parts: [] };
    const parts = [...stored.parts.values()].map(({ part }) => part);
    return { uploadKnown: true, parts: parts.toSorted((a, b) => a.number - b.number) };
  }

  /** See `ArtifactBackend.completeUpload`. */
  async completeUpload(
    upload: UploadHandle,
    parts: readonly UploadedPart[],
    options: CallOptions = {},
  ): Promise<ObjectInfo> {
    const name = this.#enter(upload.key, options);
    const stored = this.#uploads.get(upload.uploadId);
    if (stored === undefined || stored.key !== upload.key) throw uploadUnknown(name);
    if (stored.completed !== undefined) return stored.completed;
    const bytes = parts.map(({ number, tag }) => {
      const held = stored.parts.get(number);
      if (held?.part.tag !== tag) throw wrongPart(name, number);
      return held.bytes;
    });
    stored.completed = this.#store(upload.key, new Uint8Array(Buffer.concat(bytes)));
    stored.parts.clear();
    return stored.completed;
  }

  /** See `ArtifactBackend.abortUpload`. */
  async abortUpload(upload: UploadHandle, options: CallOptions = {}): Promise<void> {
    this.#enter(upload.key, options);
    this.#uploads.delete(upload.uploadId);
  }

  /** See `ArtifactBackend.listUploads`. */
  async listUploads(key: string, options: CallOptions = {}): Promise<readonly UploadHandle[]> {
    this.#enter(key, options);
    const handles = [...this.#uploads].map(([uploadId, stored]) => ({ key: stored.key, uploadId }));
    return handles.filter((handle) => handle.key === key && this.#open(handle) !== undefined);
  }

  /** See `ArtifactBackend.list`. */
  async *list(prefix: string, options: CallOptions = {}): AsyncGenerator<ListedObject> {
    options.signal?.throwIfAborted();
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys.toSorted(byteOrder)) {
      options.signal?.throwIfAborted();
      const stored = this.#objects.get(key);
      if (stored !== undefined) yield stored.info;
    }
  }

  /** See `ArtifactBackend.delete`. */
  async delete(key: string, options: CallOptions = {}): Promise<void> {
    this.#enter(key, options);
    this.#objects.delete(key);
  }

  /** See `ArtifactBackend.probe`. */
  async probe(options: CallOptions = {}): Promise<BackendProbe> {
    options.signal?.throwIfAborted();
    return { readable: true, writable: true, conditionalPut: true };
  }

  /** Forgets everything. */
  async close(): Promise<void> {
    this.#objects.clear();
    this.#uploads.clear();
  }

  #enter(key: string, options: CallOptions): string {
    options.signal?.throwIfAborted();
    checkStorageKey(key);
    return `memory:${key}`;
  }

  #open(upload: UploadHandle): StoredUpload | undefined {
    const stored = this.#uploads.get(upload.uploadId);
    return stored?.key === upload.key && stored.completed === undefined ? stored : undefined;
  }

  #store(key: string, bytes: Uint8Array): ObjectInfo {
    this.#writes += 1;
    const info = { key, size: bytes.length, version: String(this.#writes), modifiedAt: this.#clock.now() };
    this.#objects.set(key, { info, bytes });
    return info;
  }
}
