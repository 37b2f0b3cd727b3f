import { createHash, randomUUID } from 'node:crypto';
import type { Block, BlockBlobClient } from '@azure/storage-blob';
import type {
  CreateUploadOptions,
  ListedParts,
  PartBody,
  UploadedPart,
  UploadHandle,
} from '@buildstate/core';
import { StorageNotFoundError } from '@buildstate/core/light';
import { uploadUnknown } from '../backend-errors.ts';
import { stagingName } from '../staging-key.ts';
import type { AzureConnection } from './azure-connection.ts';
import { checksumOf, deleteBlob, headBlob } from './azure-object.ts';

/**
 * Uploads in parts.
 *
 * Azure has no uploads: blocks are staged on a blob, and whoever commits a list of blocks throws away all others that
 * were staged there, also those of another writer. So the blocks of an upload are staged on a blob of its own, below
 * `.bldst-uploads`, which begins empty and remembers the media type. Completing commits the blocks there and lets the
 * store copy the result to the key; within one account no bytes move through here.
 *
 * Staging succeeds on a blob that does not exist, so each part is followed by a look at the upload's blob: a part of
 * an upload that was given up is refused, and what was staged is thrown away by Azure within a week.
 */

const uploadIdForm = /^[0-9a-f]{32}$/;

/** How the names of the blobs begin on which blocks for a key are staged. */
function stagedPrefix(key: string): string {
  return `${stagingName}/${createHash('sha256').update(key).digest('hex').slice(0, 16)}-`;
}

/** The name of the blob on which an upload's blocks are staged. It depends on the key: an id fits one key only. */
function stagedName(upload: UploadHandle): string {
  return `${stagedPrefix(upload.key)}${upload.uploadId}`;
}

/** The blob on which an upload's blocks are staged. @throws StorageNotFoundError for ids that cannot be ours */
export function stagedBlob(connection: AzureConnection, upload: UploadHandle): BlockBlobClient {
  connection.object(upload.key);
  if (!uploadIdForm.test(upload.uploadId)) throw uploadUnknown(connection.nameOf(upload.key));
  return connection.blob(stagedName(upload));
}

/**
 * The id of a part's block. All ids of a blob must be of one length; the random beginning keeps blocks of two uploads
 * apart wherever they meet.
 */
export function blockId(upload: UploadHandle, number: number): string {
  return Buffer.from(`${upload.uploadId.slice(0, 12)}-${String(number).padStart(6, '0')}`).toString('base64');
}

function numberOf(upload: UploadHandle, id: string): number | undefined {
  const text = Buffer.from(id, 'base64').toString();
  const number = Number(text.slice(13));
  return Number.isSafeInteger(number) && blockId(upload, number) === id ? number : undefined;
}

/** Begins an upload. */
export async function createUpload(
  connection: AzureConnection,
  key: string,
  options: CreateUploadOptions,
): Promise<UploadHandle> {
  const upload = { key, uploadId: randomUUID().replaceAll('-', '') };
  const staged = stagedBlob(connection, upload);
  const what = `createUpload of ${connection.nameOf(key)}`;
  await connection.call(what, options.signal, (send) =>
    staged.upload('', 0, { ...send, blobHTTPHeaders: { blobContentType: options.contentType } }),
  );
  return upload;
}

/** Sends one part. An empty one, which Azure does not take, is remembered by its tag alone. */
export async function uploadPart(
  connection: AzureConnection,
  upload: UploadHandle,
  part: PartBody,
  signal: AbortSignal | undefined,
): Promise<UploadedPart> {
  const { number, bytes } = part;
  const name = connection.nameOf(upload.key);
  const staged = stagedBlob(connection, upload);
  const id = blockId(upload, number);
  if (bytes.length > 0) {
    await connection.call(`uploadPart ${number} of ${name}`, signal, (send) =>
      staged.stageBlock(id, bytes, bytes.length, {
        ...send,
        transactionalContentMD5: checksumOf(connection, bytes),
      }),
    );
  }
  if ((await headBlob(connection, staged, upload.key, signal)) === undefined) throw uploadUnknown(name);
  return { number, size: bytes.length, tag: id };
}

/** The blocks of an upload: staged, or committed already; `undefined` when the upload is not known. */
export async function blocksOf(
  connection: AzureConnection,
  upload: UploadHandle,
  signal: AbortSignal | undefined,
): Promise<{ readonly committed: readonly Block[]; readonly uncommitted: readonly Block[] } | undefined> {
  const name = connection.nameOf(upload.key);
  const staged = stagedBlob(connection, upload);
  const unknown = (cause: unknown) => uploadUnknown(name, cause);
  try {
    const reply = await connection.call(
      `listParts of ${name}`,
      signal,
      (send) => staged.getBlockList('all', send),
      { BlobNotFound: unknown },
    );
    const { committedBlocks: committed = [], uncommittedBlocks: uncommitted = [] } = reply;
    // Blocks that came after the upload was given up are on a blob that is not there any more, and are listed.
    const begun =
      reply.etag !== undefined || (await headBlob(connection, staged, upload.key, signal)) !== undefined;
    return begun ? { committed, uncommitted } : undefined;
  } catch (error) {
    if (error instanceof StorageNotFoundError) return undefined;
    throw error;
  }
}

/** Asks which parts the store holds. */
export async function listParts(
  connection: AzureConnection,
  upload: UploadHandle,
  signal: AbortSignal | undefined,
): Promise<ListedParts> {
  const blocks = await blocksOf(connection, upload, signal);
  if (blocks === undefined) return { uploadKnown: false, parts: [] };
  // A block that is staged again under the id of a committed one is the newer one.
  const newest = new Map([...blocks.committed, ...blocks.uncommitted].map(({ name, size }) => [name, size]));
  const parts = [...newest].flatMap(([tag, size]) => {
    const number = numberOf(upload, tag);
    return number === undefined ? [] : { number, size, tag };
  });
  return { uploadKnown: true, parts: parts.toSorted((a, b) => a.number - b.number) };
}

/** Gives an upload up and frees its parts. */
export async function abortUpload(
  connection: AzureConnection,
  upload: UploadHandle,
  signal: AbortSignal | undefined,
): Promise<void> {
  connection.object(upload.key);
  signal?.throwIfAborted();
  if (!uploadIdForm.test(upload.uploadId)) return;
  const staged = stagedBlob(connection, upload);
  if ((await headBlob(connection, staged, upload.key, signal)) === undefined) return;
  // Deleting a blob may leave its uncommitted blocks until Azure clears them a week later; emptying it does not.
  const what = `abortUpload of ${connection.nameOf(upload.key)}`;
  await connection.call(what, signal, (send) => staged.upload('', 0, send));
  await deleteBlob(connection, staged, upload.key, signal);
}

/** Asks which uploads of a key are neither completed nor given up. */
export async function listUploads(
  connection: AzureConnection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<readonly UploadHandle[]> {
  connection.object(key);
  const prefix = stagedPrefix(key);
  const what = `listUploads of ${connection.nameOf(key)}`;
  return await connection.call(what, signal, async (send) => {
    const found: UploadHandle[] = [];
    const listing = connection.container.listBlobsFlat({ ...send, prefix: connection.prefixed(prefix) });
    for await (const { name } of listing) {
      found.push({ key, uploadId: connection.keyOf(name).slice(prefix.length) });
    }
    return found;
  });
}
