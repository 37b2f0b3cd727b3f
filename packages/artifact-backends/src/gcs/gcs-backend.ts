import type {
  ArtifactBackend,
  BackendProbe,
  CallOptions,
  CreateUploadOptions,
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
import { bodyTooLarge } from '../backend-errors.ts';
import { defaultCapabilities } from '../capabilities.ts';
import { probeObjects } from '../probe-objects.ts';
import type { GcsConnection } from './gcs-connection.ts';
import { listObjects } from './gcs-list.ts';
import { deleteObject, headObject, putObject } from './gcs-object.ts';
import { readObject } from './gcs-read.ts';
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  uploadPart,
} from './gcs-upload.ts';

const mebibyte = 1024 * 1024;

/** The store's own limits. https://cloud.google.com/storage/quotas#multipart */
const capabilities = {
  ...defaultCapabilities,
  minPartBytes: 5 * mebibyte,
  conditionalPut: true,
};

/** Keeps objects in a bucket of Google Cloud Storage. */
export class GcsBackend implements ArtifactBackend {
  readonly kind = 'gcs';
  readonly capabilities = capabilities;
  readonly #connection: GcsConnection;

  constructor(connection: GcsConnection) {
    this.#connection = connection;
  }

  /** `gs://bucket/prefix`. */
  get uri(): string {
    return this.#connection.uri;
  }

  /** See `ArtifactBackend.stat`. */
  async stat(key: string, options: CallOptions = {}): Promise<ObjectInfo | undefined> {
    return (await headObject(this.#connection, key, options.signal))?.info;
  }

  /** See `ArtifactBackend.read`. */
  async read(key: string, options: ReadOptions = {}): Promise<ReadResult> {
    return await readObject(this.#connection, key, options);
  }

  /** See `ArtifactBackend.put`. */
  async put(key: string, body: Uint8Array, options: PutOptions = {}): Promise<ObjectInfo> {
    const { maxPutBytes } = this.capabilities;
    if (body.length > maxPutBytes) throw bodyTooLarge(this.#connection.nameOf(key), body.length, maxPutBytes);
    return await putObject(this.#connection, key, body, options);
  }

  /** See `ArtifactBackend.createUpload`. */
  async createUpload(key: string, options: CreateUploadOptions = {}): Promise<UploadHandle> {
    return await createUpload(this.#connection, key, options);
  }

  /** See `ArtifactBackend.uploadPart`. */
  async uploadPart(upload: UploadHandle, part: PartBody, options: CallOptions = {}): Promise<UploadedPart> {
    return await uploadPart(this.#connection, upload, part, options.signal);
  }

  /** See `ArtifactBackend.listParts`. */
  async listParts(upload: UploadHandle, options: CallOptions = {}): Promise<ListedParts> {
    return await listParts(this.#connection, upload, options.signal);
  }

  /** See `ArtifactBackend.completeUpload`. */
  async completeUpload(
    upload: UploadHandle,
    parts: readonly UploadedPart[],
    options: CallOptions = {},
  ): Promise<ObjectInfo> {
    return await completeUpload(this.#connection, upload, parts, options.signal);
  }

  /** See `ArtifactBackend.abortUpload`. */
  async abortUpload(upload: UploadHandle, options: CallOptions = {}): Promise<void> {
    await abortUpload(this.#connection, upload, options.signal);
  }

  /** See `ArtifactBackend.listUploads`. */
  async listUploads(key: string, options: CallOptions = {}): Promise<readonly UploadHandle[]> {
    return await listUploads(this.#connection, key, options.signal);
  }

  /** See `ArtifactBackend.list`. */
  list(prefix: string, options: CallOptions = {}): AsyncIterable<ListedObject> {
    return listObjects(this.#connection, prefix, options);
  }

  /** See `ArtifactBackend.delete`. */
  async delete(key: string, options: CallOptions = {}): Promise<void> {
    await deleteObject(this.#connection, key, options.signal);
  }

  /** See `ArtifactBackend.probe`. */
  async probe(options: CallOptions = {}): Promise<BackendProbe> {
    return await probeObjects(this, options);
  }

  /** Nothing to free: connections are `fetch`'s, which closes idle ones itself. */
  async close(): Promise<void> {}
}
