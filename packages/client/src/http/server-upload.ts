import { hash } from 'node:crypto';
import type {
  BackendCapabilities,
  CallOptions,
  CompleteUploadOptions,
  ListedParts,
  ObjectInfo,
  PartBody,
  TransferAnswer,
  UploadedPart,
  UploadHandle,
} from '@buildstate/core';
import { fromWire, toWire, transferRoutes } from '@buildstate/core/light';
import type { ServerTarget, ServerUpload } from '../artifact/server-bytes.ts';
import { fillPath } from './fill-path.ts';
import { noLimits } from './limits.ts';
import type { Requester, ServerRequest } from './requester.ts';
import { ServerObject } from './server-object.ts';
import { asStorage } from './storage-errors.ts';

type Begun = TransferAnswer<'createUpload'>;
type Body = NonNullable<ServerRequest['body']>;

/** How an upload began. */
interface Beginning {
  /** What the server said. */
  readonly begun: Begun;
  /** Whether it said so just now, so that nothing was sent yet. */
  readonly fresh: boolean;
  /** Begins another one. */
  readonly begin: () => Promise<Begun>;
}

/** One upload to a server's own disk. Single tries: deadlines and repeats are put around it. */
class ServerUploadBackend extends ServerObject {
  readonly capabilities: BackendCapabilities;
  readonly #requester: Requester;
  readonly #begin: () => Promise<Begun>;
  #begun: Begun;
  #fresh: boolean;

  constructor(requester: Requester, { begun, fresh, begin }: Beginning) {
    super();
    this.#requester = requester;
    this.#begun = begun;
    this.#fresh = fresh;
    this.#begin = begin;
    this.capabilities = {
      minPartBytes: begun.partSizeBytes,
      maxPartBytes: begun.partSizeBytes,
      maxPutBytes: begun.partSizeBytes,
      maxParts: begun.maxParts,
      equalParts: true,
      conditionalPut: false,
      resumableUploads: true,
    };
  }

  /** Sends the whole of a small source as the upload's only part; an empty one has none. */
  override async put(_key: string, bytes: Uint8Array, options: CallOptions = {}): Promise<ObjectInfo> {
    const upload = await this.createUpload();
    const parts = bytes.length === 0 ? [] : [await this.uploadPart(upload, { number: 1, bytes }, options)];
    return this.completeUpload(upload, parts, { ...options, sha256: hash('sha256', bytes) });
  }

  /** What the server said last. */
  get begun(): Begun {
    return this.#begun;
  }

  /** The upload that was begun for this backend; after that one, another, with a key of its own. */
  override async createUpload(): Promise<UploadHandle> {
    if (!this.#fresh) this.#begun = await this.#begin();
    this.#fresh = false;
    return { key: this.#begun.storageKey, uploadId: this.#begun.uploadId };
  }

  override async uploadPart(
    upload: UploadHandle,
    { number, bytes }: PartBody,
    options: CallOptions = {},
  ): Promise<UploadedPart> {
    const answer = await this.#call('uploadPart', upload, options, { number }, { bytes });
    const { sizeBytes, tag } = answer as TransferAnswer<'uploadPart'>;
    return { number, size: sizeBytes, tag };
  }

  override async listParts(upload: UploadHandle, options: CallOptions = {}): Promise<ListedParts> {
    const answer = await this.#call('listParts', upload, options);
    const { uploadKnown, parts } = answer as TransferAnswer<'listParts'>;
    return { uploadKnown, parts: parts.map(({ number, sizeBytes: size, tag }) => ({ number, size, tag })) };
  }

  override async completeUpload(
    upload: UploadHandle,
    parts: readonly UploadedPart[],
    { sha256, ...options }: CompleteUploadOptions = {},
  ): Promise<ObjectInfo> {
    const body = {
      parts: parts.map(({ number, size, tag }) => ({ number, sizeBytes: size, tag })),
      sizeBytes: parts.reduce((sum, { size }) => sum + size, 0),
      sha256,
    };
    const answer = await this.#call('completeUpload', upload, options, {}, { json: toWire(body) });
    const { storageKey, sizeBytes, version } = answer as TransferAnswer<'completeUpload'>;
    return { key: storageKey, size: sizeBytes, version };
  }

  override async abortUpload(upload: UploadHandle, options: CallOptions = {}): Promise<void> {
    await this.#call('abortUpload', upload, options);
  }

  #call(
    name: 'uploadPart' | 'listParts' | 'completeUpload' | 'abortUpload',
    { uploadId }: UploadHandle,
    { signal }: CallOptions,
    params: Readonly<Record<string, unknown>> = {},
    body?: Body,
  ): Promise<unknown> {
    const { method, path } = transferRoutes[name];
    return asStorage(async () => {
      const request = {
        method,
        path: fillPath(path, { upload_id: uploadId, ...params }),
        repeatable: true,
        limits: noLimits,
        signal,
        ...(body !== undefined && { body }),
      };
      return fromWire((await this.#requester.json(request)).json);
    });
  }
}

/** Begins an upload to the server's own disk, or goes on with one. @throws StorageError */
export async function beginServerUpload(requester: Requester, upload: ServerUpload): Promise<ServerTarget> {
  const { build, state: stateCode, filename, sizeBytes, contentType } = upload;
  const { method, path } = transferRoutes.createUpload;
  const begin = async (): Promise<Begun> => {
    const { json } = await asStorage(() =>
      requester.json({
        method,
        path: fillPath(path, { build_id: build }),
        body: { json: toWire({ stateCode, filename, sizeBytes, contentType }) },
        // What an answer that was lost began is swept by the server.
        repeatable: true,
      }),
    );
    return fromWire<Begun>(json);
  };
  const known = upload.begun as Begun | undefined;
  const beginning = { begun: known ?? (await begin()), fresh: known === undefined, begin };
  const backend = new ServerUploadBackend(requester, beginning);
  return {
    backend,
    get begun() {
      return backend.begun;
    },
    get key() {
      return backend.begun.storageKey;
    },
    get artifactPath() {
      return backend.begun.artifactPath;
    },
  };
}
