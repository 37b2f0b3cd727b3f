import type { ObjectInfo, UploadedPart, UploadHandle } from '@buildstate/core';
import { StorageError, StorageExistsError, StorageNotFoundError } from '@buildstate/core/light';
import { objectExists, uploadUnknown, wrongPart } from '../backend-errors.ts';
import type { AzureConnection } from './azure-connection.ts';
import { type BlobHead, type BlobReply, deleteBlob, headBlob, infoOf, tokenField } from './azure-object.ts';
import { blocksOf, stagedBlob } from './azure-upload.ts';

/** How often the store is asked how far a copy is, in milliseconds. Within one account most are done at once. */
const askAgainMs = 500;

/** How often the key may be written by others meanwhile before the caller is told to come again. */
const rounds = 5;

/** The object that this very upload made, once it is whole; `undefined` when it made none. */
async function madeBy(
  connection: AzureConnection,
  upload: UploadHandle,
  found: BlobHead | undefined,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo | undefined> {
  let head = found;
  while (head?.token === upload.uploadId) {
    if (head.copyStatus === undefined || head.copyStatus === 'success') return head.info;
    if (head.copyStatus !== 'pending') return undefined;
    await connection.clock.sleep(askAgainMs, signal);
    head = await headBlob(connection, connection.object(upload.key), upload.key, signal);
  }
  return undefined;
}

/** Commits the parts on the upload's own blob. @throws StorageNotFoundError; StorageError when a part is missing */
async function commitParts(
  connection: AzureConnection,
  upload: UploadHandle,
  parts: readonly UploadedPart[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const name = connection.nameOf(upload.key);
  const staged = stagedBlob(connection, upload);
  const blocks = await blocksOf(connection, upload, signal);
  const head = await headBlob(connection, staged, upload.key, signal);
  if (blocks === undefined || head === undefined) throw uploadUnknown(name);
  const held = new Map([...blocks.committed, ...blocks.uncommitted].map((block) => [block.name, block.size]));
  const wanted = parts.filter(({ size }) => size > 0);
  const wrong = wanted.find(({ tag, size }) => held.get(tag) !== size);
  if (wrong !== undefined) throw wrongPart(name, wrong.number);
  const ids = wanted.map(({ tag }) => tag);
  const done = head.token !== undefined && blocks.committed.map((block) => block.name).join() === ids.join();
  if (done) return;
  await connection.call(`completeUpload of ${name}`, signal, (send) =>
    staged.commitBlockList(ids, {
      ...send,
      metadata: { [tokenField]: upload.uploadId },
      blobHTTPHeaders: { blobContentType: head.contentType },
    }),
  );
}

/**
 * Lets the store copy the upload's blob to the key, if what stands there still is what was seen there.
 * @returns what the store says of the object when the copy is done already
 * @throws StorageExistsError when somebody wrote the key meanwhile; StorageNotFoundError when the source is gone
 */
async function copyToKey(
  connection: AzureConnection,
  upload: UploadHandle,
  seen: BlobHead | undefined,
  signal: AbortSignal | undefined,
): Promise<BlobReply | undefined> {
  const name = connection.nameOf(upload.key);
  const target = connection.object(upload.key);
  const written = (cause: unknown) => objectExists(name, cause);
  const copying = await connection.call(
    `completeUpload of ${name}`,
    signal,
    (send) =>
      target.beginCopyFromURL(stagedBlob(connection, upload).url, {
        ...send,
        tier: connection.tier,
        conditions: seen === undefined ? { ifNoneMatch: '*' } : { ifMatch: seen.info.version },
      }),
    {
      BlobAlreadyExists: written,
      ConditionNotMet: written,
      TargetConditionNotMet: written,
      '412': written,
      '404': (cause) => uploadUnknown(name, cause),
    },
  );
  const answered = copying.getResult();
  return answered?.copyStatus === 'success' ? answered : undefined;
}

/** Tries to finish; answers `undefined` when the key was written by somebody else in the middle of it. */
async function tryCompleting(
  connection: AzureConnection,
  upload: UploadHandle,
  parts: readonly UploadedPart[],
  signal: AbortSignal | undefined,
): Promise<ObjectInfo | undefined> {
  const look = () => headBlob(connection, connection.object(upload.key), upload.key, signal);
  const seen = await look();
  const before = await madeBy(connection, upload, seen, signal);
  if (before !== undefined) return before;
  let copied: BlobReply | undefined;
  try {
    await commitParts(connection, upload, parts, signal);
    copied = await copyToKey(connection, upload, seen, signal);
  } catch (error) {
    if (error instanceof StorageExistsError) return undefined;
    // Another process may have finished the same upload and removed its blob: then the object says so.
    const made =
      error instanceof StorageNotFoundError
        ? await madeBy(connection, upload, await look(), signal)
        : undefined;
    if (made === undefined) throw error;
    return made;
  }
  const made = await madeBy(connection, upload, await look(), signal);
  if (made !== undefined || copied === undefined) return made;
  // It was there, and the next writer has replaced it since: the last one stays.
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return infoOf(connection, upload.key, size, copied);
}

/**
 * Makes the object visible. What the key shows counts, never what a reply said: the copy carries the upload's own id
 * as a note, so a repetition, from any process, finds out that it is done.
 */
export async function completeUpload(
  connection: AzureConnection,
  upload: UploadHandle,
  parts: readonly UploadedPart[],
  signal: AbortSignal | undefined,
): Promise<ObjectInfo> {
  const staged = stagedBlob(connection, upload);
  for (let round = 0; round < rounds; round += 1) {
    const made = await tryCompleting(connection, upload, parts, signal);
    if (made === undefined) continue;
    await deleteBlob(connection, staged, upload.key, signal);
    return made;
  }
  throw new StorageError(
    `${connection.nameOf(upload.key)} was written by others again and again while the upload was completed.`,
    { persistence: 'transient', kind: 'conflict' },
  );
}
