import { randomUUID } from 'node:crypto';
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
import type { GcsConnection } from './gcs-connection.ts';
import { headObject, tokenHeader } from './gcs-object.ts';
import { xmlElements, xmlEscaped, xmlText } from './xml-texts.ts';

/**
 * Uploads in parts, by the XML API's multipart uploads: parts in any order, several at once, replaced when they are
 * sent again. A resumable session of the JSON API takes bytes in order only, and a repeated chunk must begin exactly
 * where the store says it stopped; parts have no such offset to get wrong.
 *
 * As with S3, the reply to completing may be lost after the object is there. So every upload gets a random token that
 * the store keeps as metadata of the object, and that is part of our upload id: who asks after a failure looks for it.
 */

/** Our upload id is `token.store's id`: both are needed, from any process. */
const uploadIdForm = /^([0-9a-f]{32})\.(.+)$/;

function splitId(connection: GcsConnection, upload: UploadHandle) {
  const [, token, storeId] = uploadIdForm.exec(upload.uploadId) ?? [];
  if (token === undefined || storeId === undefined) throw uploadUnknown(connection.nameOf(upload.key));
  return { token, storeId };
}

function targetOf(
  connection: GcsConnection,
  upload: UploadHandle,
  parameters: Record<string, string> = {},
): string {
  // The key is checked before the id: a bad key is the caller's mistake, whatever the id is.
  connection.target(upload.key);
  const { storeId } = splitId(connection, upload);
  return connection.target(upload.key, `?${new URLSearchParams({ ...parameters, uploadId: storeId })}`);
}

function noSuchUpload(connection: GcsConnection, upload: UploadHandle) {
  return { NoSuchUpload: (cause: unknown) => uploadUnknown(connection.nameOf(upload.key), cause) };
}

/** Begins an upload. */
export async function createUpload(
  connection: GcsConnection,
  key: string,
  options: CreateUploadOptions,
): Promise<UploadHandle> {
  const token = randomUUID().replaceAll('-', '');
  const what = `createUpload of ${connection.nameOf(key)}`;
  const text = await connection.sendForText({
    what,
    method: 'POST',
    target: connection.target(key, '?uploads'),
    headers: { ...connection.about(options.contentType), [tokenHeader]: token },
    signal: options.signal,
  });
  const storeId = xmlText(text, 'UploadId') ?? '';
  if (storeId === '') throw new StorageError(`The ${what} failed: the store sent no upload id.`);
  return { key, uploadId: `${token}.${storeId}` };
}

/** Sends one part. */
export async function uploadPart(
  connection: GcsConnection,
  upload: UploadHandle,
  part: PartBody,
  signal: AbortSignal | undefined,
): Promise<UploadedPart> {
  const { number, bytes } = part;
  const what = `uploadPart ${number} of ${connection.nameOf(upload.key)}`;
  const headers = await connection.sendForHeaders({
    what,
    method: 'PUT',
    target: targetOf(connection, upload, { partNumber: String(number) }),
    headers: connection.checksum(bytes),
    body: bytes,
    signal,
    meanings: noSuchUpload(connection, upload),
  });
  const tag = headers.get('etag');
  if (tag === null) throw new StorageError(`The ${what} failed: the store sent no ETag.`);
  return { number, size: bytes.length, tag };
}

/** Asks which parts the store holds, page by page. */
export async function listParts(
  connection: GcsConnection,
  upload: UploadHandle,
  signal: AbortSignal | undefined,
): Promise<ListedParts> {
  const parts: UploadedPart[] = [];
  let marker: string | undefined;
  try {
    do {
      const text = await connection.sendForText({
        what: `listParts of ${connection.nameOf(upload.key)}`,
        method: 'GET',
        target: targetOf(connection, upload, marker === undefined ? {} : { 'part-number-marker': marker }),
        signal,
        meanings: noSuchUpload(connection, upload),
      });
      for (const part of xmlElements(text, 'Part')) {
        const [number, size] = [Number(xmlText(part, 'PartNumber')), Number(xmlText(part, 'Size'))];
        parts.push({ number, size, tag: xmlText(part, 'ETag') ?? '' });
      }
      marker = xmlText(text, 'IsTruncated') === 'true' ? xmlText(text, 'NextPartNumberMarker') : undefined;
    } while (marker !== undefined);
    return { uploadKnown: true, parts: parts.toSorted((a, b) => a.number - b.number) };
  } catch (error) {
    if (error instanceof StorageNotFoundError) return { uploadKnown: false, parts: [] };
    throw error;
  }
}

/** The object that this very upload made, if it did. */
async function madeBy(
  connection: GcsConnection,
  upload: UploadHandle,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo | undefined> {
  const head = await headObject(connection, upload.key, signal);
  return head?.token === splitId(connection, upload).token ? head.info : undefined;
}

async function requestCompletion(
  connection: GcsConnection,
  upload: UploadHandle,
  parts: readonly UploadedPart[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const listed = parts.map(
    ({ number, tag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${xmlEscaped(tag)}</ETag></Part>`,
  );
  await connection.sendForText({
    what: `completeUpload of ${connection.nameOf(upload.key)}`,
    method: 'POST',
    target: targetOf(connection, upload),
    headers: { 'content-type': 'application/xml' },
    body: `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`,
    signal,
    meanings: noSuchUpload(connection, upload),
  });
}

/** Makes the object visible. What the store shows afterwards counts, not what it said. */
export async function completeUpload(
  connection: GcsConnection,
  upload: UploadHandle,
  parts: readonly UploadedPart[],
  signal: AbortSignal | undefined,
): Promise<ObjectInfo> {
  let failure: unknown;
  try {
    await requestCompletion(connection, upload, parts, signal);
  } catch (error) {
    signal?.throwIfAborted();
    failure = error;
  }
  let made: ObjectInfo | undefined;
  try {
    made = await madeBy(connection, upload, signal);
  } catch (error) {
    // An unknown upload may be a completed one: as long as that cannot be seen, it is worth looking again.
    const unseen = error instanceof StorageError && error.persistence === 'transient';
    throw failure === undefined || (failure instanceof StorageNotFoundError && unseen) ? error : failure;
  }
  if (made !== undefined) return made;
  throw failure ?? replacedAtOnce(connection, upload);
}

/** Completed, and somebody else's object stands there already. */
function replacedAtOnce(connection: GcsConnection, upload: UploadHandle): StorageError {
  const message = `${connection.nameOf(upload.key)} was replaced by another writer right after the upload.`;
  return new StorageError(message, { kind: 'conflict' });
}

/** Gives an upload up and frees its parts. */
export async function abortUpload(
  connection: GcsConnection,
  upload: UploadHandle,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  try {
    await connection.sendForHeaders({
      what: `abortUpload of ${connection.nameOf(upload.key)}`,
      method: 'DELETE',
      target: targetOf(connection, upload),
      signal,
      meanings: noSuchUpload(connection, upload),
    });
  } catch (error) {
    if (!(error instanceof StorageNotFoundError)) throw error;
  }
}

/** Stands where the token would be in the id of an upload that was found by listing, which does not show it. */
const noToken = '0'.repeat(32);

/** Asks which uploads of a key are neither completed nor given up, page by page. */
export async function listUploads(
  connection: GcsConnection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<readonly UploadHandle[]> {
  connection.target(key);
  const prefix = connection.prefixed(key);
  const found: UploadHandle[] = [];
  let markers: Readonly<Record<string, string>> | undefined = {};
  while (markers !== undefined) {
    const query: URLSearchParams = new URLSearchParams({ prefix, ...markers });
    const text: string = await connection.sendForText({
      what: `listUploads of ${connection.nameOf(key)}`,
      method: 'GET',
      target: `/${connection.bucket}?uploads&${query}`,
      signal,
    });
    // The prefix also matches longer keys.
    for (const upload of xmlElements(text, 'Upload')) {
      const id = xmlText(upload, 'UploadId') ?? '';
      if (xmlText(upload, 'Key') === prefix && id !== '') found.push({ key, uploadId: `${noToken}.${id}` });
    }
    const [keyMarker = '', idMarker = ''] = [
      xmlText(text, 'NextKeyMarker'),
      xmlText(text, 'NextUploadIdMarker'),
    ];
    const more = xmlText(text, 'IsTruncated') === 'true' && keyMarker !== '';
    markers = more ? { 'key-marker': keyMarker, 'upload-id-marker': idMarker } : undefined;
  }
  return found;
}
