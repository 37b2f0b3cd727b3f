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
import type { S3Connection } from './s3-connection.ts';
import { listObjects } from './s3-list.ts';
import { deleteObject, headObject, putObject } from './s3-object.ts';
import { readObject } from './s3-read.ts';
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  uploadPart,
} from './s3-upload.ts';

const mebibyte = 1024 * 1024;

/**
 * S3's own limits. Stores that want equal parts (R2) exist, and equal parts are no disadvantage below 80 GB,
 * so this is what is declared.
 */
const capabilities = {
  ...defaultCapabilities,
  minPartBytes: 5 * mebibyte,
  maxPutBytes: 8 * mebibyte,
  conditionalPut: true,
};

/** Keeps objects in an S3 bucket: AWS, MinIO, Ceph RGW, R2 and others. */
export class S3Backend implements ArtifactBackend {
  readonly kind = 's3';
  readonly capabilities = capabilities;
  readonly #connection: S3Connection;

  constructor(connection: S3Connection) {
    this.#connection = connection;
  }

  /** `s3://bucket/prefix`. */
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

  /** Closes the connections. */
  async close(): Promise<void> {
    this.#connection.close();
  }
}
