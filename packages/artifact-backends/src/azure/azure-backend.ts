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
import { completeUpload } from './azure-complete.ts';
import type { AzureConnection } from './azure-connection.ts';
import { listObjects } from './azure-list.ts';
import { deleteBlob, putObject, statObject } from './azure-object.ts';
import { readObject } from './azure-read.ts';
import { sweepStaging } from './azure-sweep.ts';
import { abortUpload, createUpload, listParts, listUploads, uploadPart } from './azure-upload.ts';

const mebibyte = 1024 * 1024;

/** Azure's own limits of block blobs, since service version 2019-12-12. */
const capabilities = {
  ...defaultCapabilities,
  maxParts: 50_000,
  maxPartBytes: 4000 * mebibyte,
  conditionalPut: true,
};

/** Keeps objects as block blobs in a container of Azure Blob Storage. */
export class AzureBackend implements ArtifactBackend {
  readonly kind = 'azure-blob';
  readonly capabilities = capabilities;
  readonly #connection: AzureConnection;
  #swept = false;

  constructor(connection: AzureConnection) {
    this.#connection = connection;
  }

  /** `azure-blob://account/container/prefix`. */
  get uri(): string {
    return this.#connection.uri;
  }

  /** See `ArtifactBackend.stat`. */
  async stat(key: string, options: CallOptions = {}): Promise<ObjectInfo | undefined> {
    return await statObject(this.#connection, key, options.signal);
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
    const upload = await createUpload(this.#connection, key, options);
    if (!this.#swept) await this.#sweep(options.signal);
    return upload;
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
    await deleteBlob(this.#connection, this.#connection.object(key), key, options.signal);
  }

  /** See `ArtifactBackend.probe`. */
  async probe(options: CallOptions = {}): Promise<BackendProbe> {
    return await probeObjects(this, options);
  }

  /** Nothing to free: the SDK shares its connections among all clients and closes idle ones itself. */
  async close(): Promise<void> {}

  /** Once per backend: uploads need not wait for it again and again. */
  async #sweep(signal: AbortSignal | undefined): Promise<void> {
    this.#swept = true;
    const { clock, logger, uri } = this.#connection;
    try {
      await sweepStaging(this.#connection, clock.now(), signal);
    } catch (error) {
      signal?.throwIfAborted();
      // Leftovers are no reason to refuse an upload.
      logger.warn({ err: error, place: uri }, 'Old uploads could not be removed.');
    }
  }
}
