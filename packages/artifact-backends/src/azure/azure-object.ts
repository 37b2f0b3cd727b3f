import { createHash } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import type { ObjectInfo, PutOptions } from '@buildstate/core';
import { StorageError, StorageNotFoundError } from '@buildstate/core/light';
import { objectExists, objectNotFound } from '../backend-errors.ts';
import type { AzureConnection } from './azure-connection.ts';

/** Which upload made an object: a note on it. Azure's names of notes are identifiers. */
export const tokenField = 'bldstupload';

/** An object, with what is noted on it. */
export interface BlobHead {
  readonly info: ObjectInfo;
  /** Which upload made it. */
  readonly token: string | undefined;
  /** How far the copy is that made it; `undefined` when it is no copy. Only after `success` are its bytes all there. */
  readonly copyStatus: string | undefined;
  readonly contentType: string | undefined;
}

/** What a reply about a blob may hold. */
export interface BlobReply {
  readonly etag?: string;
  readonly lastModified?: Date;
}

/** Listings show ETags without the quotes that replies and conditions have. */
export function quoted(etag: string): string {
  return etag.startsWith('"') || etag.startsWith('W/') ? etag : `"${etag}"`;
}

/** The description of an object. @throws StorageError when the store sent no ETag */
export function infoOf(connection: AzureConnection, key: string, size: number, reply: BlobReply): ObjectInfo {
  if (reply.etag === undefined) {
    throw new StorageError(`${connection.nameOf(key)}: the store sent no ETag. Is it Azure Blob Storage?`);
  }
  return { key, size, version: quoted(reply.etag), modifiedAt: reply.lastModified?.getTime() };
}

/** A blob that is a copy in progress, or what is left of one that failed, is no object. */
export function isWhole(copyStatus: string | undefined): boolean {
  return copyStatus === undefined || copyStatus === 'success';
}

/** The parameters that let the store check a body. */
export function checksumOf({ checksums }: AzureConnection, bytes: Uint8Array): Uint8Array | undefined {
  return checksums === 'md5' ? createHash('md5').update(bytes).digest() : undefined;
}

/** What is known of a blob, or `undefined` when there is none. */
export async function headBlob(
  connection: AzureConnection,
  blob: BlockBlobClient,
  key: string,
  signal: AbortSignal | undefined,
): Promise<BlobHead | undefined> {
  const name = connection.nameOf(key);
  const missing = (cause: unknown) => objectNotFound(name, cause);
  try {
    const what = `stat of ${name}`;
    const reply = await connection.call(what, signal, (send) => blob.getProperties(send), {
      BlobNotFound: missing,
    });
    const { contentLength = 0, metadata, copyStatus, contentType } = reply;
    const info = infoOf(connection, key, contentLength, reply);
    return { info, token: metadata?.[tokenField], copyStatus, contentType };
  } catch (error) {
    if (error instanceof StorageNotFoundError) return undefined;
    throw error;
  }
}

/** Size and version of an object, or `undefined` when there is none. */
export async function statObject(
  connection: AzureConnection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo | undefined> {
  const head = await headBlob(connection, connection.object(key), key, signal);
  return head !== undefined && isWhole(head.copyStatus) ? head.info : undefined;
}

/** Stores a small object in one request. @throws StorageExistsError when it must be new and is not */
export async function putObject(
  connection: AzureConnection,
  key: string,
  body: Uint8Array,
  options: PutOptions,
): Promise<ObjectInfo> {
  const name = connection.nameOf(key);
  const blob = connection.object(key);
  const exists = (cause: unknown) => objectExists(name, cause);
  const reply = await connection.call(
    `put of ${name}`,
    options.signal,
    (send) =>
      blob.upload(body, body.length, {
        ...send,
        tier: connection.tier,
        transactionalContentMD5: checksumOf(connection, body),
        blobHTTPHeaders: { blobContentType: options.contentType },
        conditions: options.ifAbsent === true ? { ifNoneMatch: '*' } : undefined,
      }),
    options.ifAbsent === true ? { BlobAlreadyExists: exists, ConditionNotMet: exists, '412': exists } : {},
  );
  return infoOf(connection, key, body.length, reply);
}

/** Removes a blob. One that is not there is no error. */
export async function deleteBlob(
  connection: AzureConnection,
  blob: BlockBlobClient,
  key: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = connection.nameOf(key);
  try {
    await connection.call(
      `delete of ${name}`,
      signal,
      (send) => blob.delete({ ...send, deleteSnapshots: 'include' }),
      { BlobNotFound: (cause) => objectNotFound(name, cause) },
    );
  } catch (error) {
    if (!(error instanceof StorageNotFoundError)) throw error;
  }
}
