import type {
  BackendCapabilities,
  CallOptions,
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

/** One upload to a server's own disk. Single tries: deadlines and repeats are put around it. */
class ServerUploadBackend extends ServerObject {
  readonly capabilities: BackendCapabilities;
  readonly #requester: Requester;
  readonly #begun: Begun;
  readonly #sha256: () => string;

  constructor(requester: Requester, begun: Begun, sha256: () => string) {
    super();
    this.#requester = requester;
    this.#begun = begun;
    this.#sha256 = sha256;
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
    return this.completeUpload(upload, parts, options);
  }

  override createUpload(): Promise<UploadHandle> {
    return Promise.resolve({ key: this.#begun.storageKey, uploadId: this.#begun.uploadId });
  }

  override async uploadPart(
    _upload: UploadHandle,
    { number, bytes }: PartBody,
    options: CallOptions = {},
  ): Promise<UploadedPart> {
    const answer = await this.#call('uploadPart', options, { number }, { bytes });
    const { sizeBytes, tag } = answer as TransferAnswer<'uploadPart'>;
    return { number, size: sizeBytes, tag };
  }

  override async listParts(_upload: UploadHandle, options: CallOptions = {}): Promise<ListedParts> {
    const { uploadKnown, parts } = (await this.#call('listParts', options)) as TransferAnswer<'listParts'>;
    return { uploadKnown, parts: parts.map(({ number, sizeBytes: size, tag }) => ({ number, size, tag })) };
  }

  override async completeUpload(
    _upload: UploadHandle,
    parts: readonly UploadedPart[],
    options: CallOptions = {},
  ): Promise<ObjectInfo> {
    const body = {
      parts: parts.map(({ number, size, tag }) => ({ number, sizeBytes: size, tag })),
      sizeBytes: parts.reduce((sum, { size }) => sum + size, 0),
      sha256: this.#sha256(),
    };
    const answer = await this.#call('completeUpload', options, {}, { json: toWire(body) });
    const { storageKey, sizeBytes, version } = answer as TransferAnswer<'completeUpload'>;
    return { key: storageKey, size: sizeBytes, version };
  }

  override async abortUpload(_upload?: UploadHandle, options: CallOptions = {}): Promise<void> {
    await this.#call('abortUpload', options);
  }

  #call(
    name: 'uploadPart' | 'listParts' | 'completeUpload' | 'abortUpload',
    { signal }: CallOptions,
    params: Readonly<Record<string, unknown>> = {},
    body?: Body,
  ): Promise<unknown> {
    const { method, path } = transferRoutes[name];
    return asStorage(async () => {
      const request = {
        method,
        path: fillPath(path, { upload_id: this.#begun.uploadId, ...params }),
        repeatable: true,
        limits: noLimits,
        signal,
        ...(body !== undefined && { body }),
      };
      return fromWire((await this.#requester.json(request)).json);
    });
  }
}

/** Begins an upload to the server's own disk. @throws StorageError */
export async function beginServerUpload(requester: Requester, upload: ServerUpload): Promise<ServerTarget> {
  const { build, state: stateCode, filename, sizeBytes, contentType, sha256 } = upload;
  const { method, path } = transferRoutes.createUpload;
  const { json } = await asStorage(() =>
    requester.json({
      method,
      path: fillPath(path, { build_id: build }),
      body: { json: toWire({ stateCode, filename, sizeBytes, contentType }) },
      // What an answer that was lost began is swept by the server.
      repeatable: true,
    }),
  );
  const begun = fromWire<Begun>(json);
  const backend = new ServerUploadBackend(requester, begun, sha256);
  return { backend, key: begun.storageKey, artifactPath: begun.artifactPath };
}
