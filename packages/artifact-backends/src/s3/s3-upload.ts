import { randomUUID } from 'node:crypto';
import type { ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3';
import type {
  CreateUploadOptions,
  ListedParts,
  ObjectInfo,
  PartBody,
  UploadedPart,
  UploadHandle,
} from '@buildstate/core';
import { StorageError, StorageNotFoundError } from '@buildstate/core/light';
import { uploadUnknown } from '../backend-errors.ts';
import { bodyChecksum, completedPart, partTag } from './s3-checksum.ts';
import type { S3Connection } from './s3-connection.ts';
import { headObject, infoOf, quoted, tokenField } from './s3-object.ts';

/**
 * Uploads in parts.
 *
 * Completing is the one step whose reply must not be lost: S3 may make the object visible, and the reply may
 * still fail or never come; repeating it then says that there is no such upload, also when another object
 * was there all along. So every upload gets a random token that S3 keeps as metadata of the finished object,
 * and that is part of our upload id. Whoever asks after a failure looks for an object with that token: it is
 * this upload's, whatever the reply was. ETags would not do, since equal bytes have equal ones.
 */

/** Our upload id is `token.store's id`: both are needed, from any process. */
const uploadIdForm = /^([0-9a-f]{32})\.(.+)$/;

function splitId(connection: S3Connection, upload: UploadHandle) {
  const [, token, storeId] = uploadIdForm.exec(upload.uploadId) ?? [];
  // Stores take a part with an empty upload id for a whole object.
  if (token === undefined || storeId === undefined) throw uploadUnknown(connection.nameOf(upload.key));
  return { token, storeId };
}

function address(connection: S3Connection, upload: UploadHandle) {
  return { ...connection.object(upload.key), UploadId: splitId(connection, upload).storeId };
}

/** Ceph says NoSuchKey where S3 says NoSuchUpload; no key is needed for any of these calls. */
function noSuchUpload(connection: S3Connection, upload: UploadHandle) {
  const meaning = (cause: unknown) => uploadUnknown(connection.nameOf(upload.key), cause);
  return { NoSuchUpload: meaning, NoSuchKey: meaning };
}

/** Begins an upload. */
export async function createUpload(
  connection: S3Connection,
  key: string,
  options: CreateUploadOptions,
): Promise<UploadHandle> {
  const { sdk, client, checksums } = connection;
  const token = randomUUID().replaceAll('-', '');
  const command = new sdk.CreateMultipartUploadCommand({
    ...connection.object(key),
    Metadata: { [tokenField]: token },
    ...connection.keeping,
    ...(checksums === 'crc32' ? { ChecksumAlgorithm: 'CRC32' } : {}),
    ...(options.contentType === undefined ? {} : { ContentType: options.contentType }),
  });
  const what = `createUpload of ${connection.nameOf(key)}`;
  const reply = await connection.call(what, options.signal, (send) => client.send(command, send));
  if (reply.UploadId === undefined)
    throw new StorageError(`The ${what} failed: the store sent no upload id.`);
  return { key, uploadId: `${token}.${reply.UploadId}` };
}

/** Sends one part. */
export async function uploadPart(
  connection: S3Connection,
  upload: UploadHandle,
  part: PartBody,
  signal: AbortSignal | undefined,
): Promise<UploadedPart> {
  const { sdk, client, checksums } = connection;
  const { number, bytes } = part;
  const checksum = bodyChecksum(checksums, bytes);
  const command = new sdk.UploadPartCommand({
    ...address(connection, upload),
    ...checksum,
    PartNumber: number,
    Body: bytes,
    ContentLength: bytes.length,
  });
  const what = `uploadPart ${number} of ${connection.nameOf(upload.key)}`;
  const meanings = noSuchUpload(connection, upload);
  const reply = await connection.call(what, signal, (send) => client.send(command, send), meanings);
  if (reply.ETag === undefined) throw new StorageError(`The ${what} failed: the store sent no ETag.`);
  return { number, size: bytes.length, tag: partTag(quoted(reply.ETag), checksum.ChecksumCRC32) };
}

/** Stands where the token would be in the id of an upload that was found by listing, which does not show it. */
const noToken = '0'.repeat(32);

/** Asks which uploads of a key are neither completed nor given up, page by page. */
export async function listUploads(
  connection: S3Connection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<readonly UploadHandle[]> {
  const { sdk, client } = connection;
  const { Bucket, Key } = connection.object(key);
  const what = `listUploads of ${connection.nameOf(key)}`;
  const found: UploadHandle[] = [];
  let marker: { readonly KeyMarker?: string; readonly UploadIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    const command: InstanceType<typeof sdk.ListMultipartUploadsCommand> = new sdk.ListMultipartUploadsCommand(
      {
        Bucket,
        Prefix: Key,
        ...marker,
      },
    );
    const page: ListMultipartUploadsCommandOutput = await connection.call(what, signal, (send) =>
      client.send(command, send),
    );
    // The prefix also matches longer keys.
    for (const { Key: name, UploadId: id } of page.Uploads ?? []) {
      if (name === Key && id !== undefined) found.push({ key, uploadId: `${noToken}.${id}` });
    }
    const { IsTruncated, NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
    marker = IsTruncated ? { KeyMarker, UploadIdMarker } : undefined;
  }
  return found;
}

/** Asks which parts the store holds, page by page. */
export async function listParts(
  connection: S3Connection,
  upload: UploadHandle,
  signal: AbortSignal | undefined,
): Promise<ListedParts> {
  const { sdk, client } = connection;
  const what = `listParts of ${connection.nameOf(upload.key)}`;
  const parts: UploadedPart[] = [];
  let marker: string | undefined;
  try {
    do {
      const command = new sdk.ListPartsCommand({ ...address(connection, upload), PartNumberMarker: marker });
      const meanings = noSuchUpload(connection, upload);
      const page = await connection.call(what, signal, (send) => client.send(command, send), meanings);
      for (const {
        PartNumber: number = 0,
        Size: size = 0,
        ETag: etag = '',
        ChecksumCRC32: crc,
      } of page.Parts ?? []) {
        parts.push({ number, size, tag: partTag(quoted(etag), crc) });
      }
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return { uploadKnown: true, parts: parts.toSorted((a, b) => a.number - b.number) };
  } catch (error) {
    if (error instanceof StorageNotFoundError) return { uploadKnown: false, parts: [] };
    throw error;
  }
}

/** The object that this very upload made, if it did. */
async function madeBy(
  connection: S3Connection,
  upload: UploadHandle,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo | undefined> {
  const head = await headObject(connection, upload.key, signal);
  return head?.uploadToken === splitId(connection, upload).token ? head.info : undefined;
}

async function requestCompletion(
  connection: S3Connection,
  upload: UploadHandle,
  parts: readonly UploadedPart[],
  signal: AbortSignal | undefined,
): Promise<ObjectInfo> {
  const { sdk, client } = connection;
  const command = new sdk.CompleteMultipartUploadCommand({
    ...address(connection, upload),
    MultipartUpload: { Parts: parts.map(completedPart) },
  });
  const what = `completeUpload of ${connection.nameOf(upload.key)}`;
  const meanings = noSuchUpload(connection, upload);
  const reply = await connection.call(what, signal, (send) => client.send(command, send), meanings);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return infoOf(connection, upload.key, size, reply);
}

/** Makes the object visible; a failure of the reply alone is not taken for a failure of the upload. */
export async function completeUpload(
  connection: S3Connection,
  upload: UploadHandle,
  parts: readonly UploadedPart[],
  signal: AbortSignal | undefined,
): Promise<ObjectInfo> {
  try {
    const answered = await requestCompletion(connection, upload, parts, signal);
    // What the store shows counts, not what it said; stores that keep no metadata are taken at their word.
    return (await madeBy(connection, upload, signal)) ?? answered;
  } catch (error) {
    signal?.throwIfAborted();
    return await lookAfterFailure(connection, upload, error, signal);
  }
}

/** Answers the object that the upload made after all, or fails in the way that leads on. */
async function lookAfterFailure(
  connection: S3Connection,
  upload: UploadHandle,
  failure: unknown,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo> {
  let made: ObjectInfo | undefined;
  try {
    made = await madeBy(connection, upload, signal);
  } catch (error) {
    // An unknown upload may be a completed one: as long as that cannot be seen, it is worth looking again.
    const unseen = error instanceof StorageError && error.persistence === 'transient';
    throw failure instanceof StorageNotFoundError && unseen ? error : failure;
  }
  if (made === undefined) throw failure;
  return made;
}

/** Gives an upload up and frees its parts. */
export async function abortUpload(
  connection: S3Connection,
  upload: UploadHandle,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { sdk, client } = connection;
  const what = `abortUpload of ${connection.nameOf(upload.key)}`;
  try {
    const command = new sdk.AbortMultipartUploadCommand(address(connection, upload));
    await connection.call(
      what,
      signal,
      (send) => client.send(command, send),
      noSuchUpload(connection, upload),
    );
  } catch (error) {
    if (!(error instanceof StorageNotFoundError)) throw error;
  }
}
