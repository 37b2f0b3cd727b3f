import type { ObjectInfo, UploadedPart } from '@buildstate/core';
import { checkStorageKey } from '@buildstate/core/light';
import { ByteObserver, type ObservedBytes } from '../format/byte-observer.ts';
import type { NotedPart } from '../journal/journal-state.ts';
import type { ByteSource } from '../source/byte-source.ts';
import { openSource } from '../source/open-source.ts';
import { BufferPool } from './buffer-pool.ts';
import { observeAll, uploadByClone } from './clone-file.ts';
import { planParts } from './part-plan.ts';
import { PartSender } from './part-sender.ts';
import type { Reached } from './resume-upload.ts';
import { checkLimit, PartReader, type PartSupply, type SourcePart } from './source-parts.ts';
import { StaleJournalError } from './stale-journal-error.ts';
import { ThreadPartReader } from './thread-part-reader.ts';
import { type ResolvedUploadOptions, resolveUploadOptions, type UploadOptions } from './upload-options.ts';
import { checkParts, checkStored, reachedBefore, type UploadSession, withUpload } from './upload-session.ts';

/** What became of an upload. `format`, `compression` and `virtualSizeBytes` are there when the bytes tell. */
export interface UploadResult extends ObservedBytes {
  /** The object's key. */
  readonly key: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** The object as the store shows it. */
  readonly info: ObjectInfo;
}

/** One upload under way. */
interface Transfer {
  readonly options: ResolvedUploadOptions;
  readonly source: ByteSource;
  readonly observer: ByteObserver;
  readonly stop: AbortController;
  readonly startedAt: number;
}

function report(transfer: Transfer, transferredBytes: number): void {
  const { options, source, startedAt } = transfer;
  options.onProgress?.({
    transferredBytes,
    totalBytes: source.sizeBytes,
    elapsedMs: options.clock.monotonic() - startedAt,
  });
}

function partBytesOf({ options, source }: Transfer): number {
  const { partBytes, memoryBudgetBytes, backend } = options;
  const { capabilities } = backend;
  return planParts({ sizeBytes: source.sizeBytes, partBytes, memoryBudgetBytes, capabilities }).partBytes(1);
}

/** @param partBytes smallest part, in bytes */
function partReader(
  { options, source, observer }: Transfer,
  partBytes: number = options.partBytes,
): PartReader {
  const { memoryBudgetBytes, backend, limit } = options;
  const { capabilities } = backend;
  const plan = planParts({ sizeBytes: source.sizeBytes, partBytes, memoryBudgetBytes, capabilities });
  return new PartReader({ source, plan, pool: new BufferPool(memoryBudgetBytes), observer, limit });
}

/** Sends a source that fits into one part in one call. */
async function putWhole(transfer: Transfer, part: SourcePart): Promise<ObjectInfo> {
  const { backend, key, contentType } = transfer.options;
  try {
    return await backend.put(key, part.bytes, { contentType, signal: transfer.stop.signal });
  } finally {
    part.release();
  }
}

/**
 * A part that an earlier process sent. Its bytes were just read again: only if the source up to here has the SHA-256
 * that was noted then, the store has the same bytes.
 * @throws StaleJournalError when it has not
 */
function keepPart(sender: PartSender, part: SourcePart, noted: NotedPart): void {
  part.release();
  if (noted.prefix !== part.prefix || noted.size !== part.bytes.length) throw new StaleJournalError();
  const { number, size, tag } = noted;
  sender.keep({ number, size, tag });
}

async function sendParts(
  transfer: Transfer,
  { upload, parts: noted, journal }: UploadSession,
  first: SourcePart,
  reader: PartSupply,
): Promise<ObjectInfo> {
  const { options, observer, stop } = transfer;
  const { backend, concurrency } = options;
  let arrived = 0;
  const arrive = (bytes: number) => {
    arrived += bytes;
    report(transfer, arrived);
  };
  const onSent = async (sent: UploadedPart, { prefix }: SourcePart) => {
    await journal?.notePart({ ...sent, prefix });
    arrive(sent.size);
  };
  const sender = new PartSender({ backend, upload, concurrency, stop, onSent });
  try {
    for (let part = first; ; part = await reader.next()) {
      const known = noted.get(part.number);
      if (known === undefined) await sender.send(part);
      else {
        keepPart(sender, part, known);
        arrive(known.size);
      }
      if (part.last) break;
    }
    const parts = await sender.finish();
    checkParts(parts, observer.sizeBytes);
    const whole = { sha256: observer.prefix(), sizeBytes: observer.sizeBytes };
    await journal?.noteWhole(whole);
    return await backend.completeUpload(upload, parts, { sha256: whole.sha256, signal: stop.signal });
  } catch (error) {
    stop.abort(error);
    // Nothing of ours may still be on its way when the upload is given up.
    await sender.settle();
    throw error;
  }
}

/** An object that an earlier process stored, and did not live to say so. @throws StaleJournalError */
async function takeStored(
  { source, observer, stop }: Transfer,
  { info, sha256 }: Extract<Reached, { readonly kind: 'stored' }>,
): Promise<ObjectInfo> {
  await observeAll({ source, observer, signal: stop.signal });
  if (observer.prefix() !== sha256) throw new StaleJournalError();
  return info;
}

/** A regular file that needs more than one part: known before reading, so it may be cloned, or gone on with. */
async function uploadLargeFile(transfer: Transfer): Promise<ObjectInfo> {
  const { options, source, observer, stop } = transfer;
  const { backend } = options;
  const { signal } = stop;
  const { identity } = source;
  const reached = await reachedBefore({ options, signal, identity });
  if (reached.kind === 'stored') return await takeStored(transfer, reached);
  const partBytes = reached.kind === 'open' ? reached.partBytes : partBytesOf(transfer);
  const input = { options, signal, identity, partBytes };
  return await withUpload(input, reached, options.signal, async (session) => {
    if (session.parts.size === 0) {
      const cloned = await uploadByClone({ backend, session, source, observer, signal });
      if (cloned !== undefined) return cloned;
    }
    return await sendFile(transfer, session, partBytes);
  });
}

/** Sends a file's parts; a thread reads and hashes them unless somebody else's SHA-256 is to be used. */
async function sendFile(transfer: Transfer, session: UploadSession, partBytes: number): Promise<ObjectInfo> {
  const { options, source, observer } = transfer;
  const { fd, sizeBytes } = source;
  if (!options.hashInThread || fd === undefined || sizeBytes === undefined) {
    const reader = partReader(transfer, partBytes);
    return await sendParts(transfer, session, await reader.next(), reader);
  }
  const { concurrency, memoryBudgetBytes, limit } = options;
  const file = { ...source, fd, sizeBytes };
  const input = { source: file, observer, partBytes, concurrency, memoryBudgetBytes, limit };
  const reader = new ThreadPartReader(input);
  try {
    return await sendParts(transfer, session, await reader.next(), reader);
  } finally {
    await reader.stop();
  }
}

async function uploadBytes(transfer: Transfer): Promise<ObjectInfo> {
  const { options, source, stop } = transfer;
  const { maxPutBytes } = options.backend.capabilities;
  const isLargeFile = source.path !== undefined && (source.sizeBytes ?? 0) > options.partBytes;
  if (isLargeFile) return await uploadLargeFile(transfer);
  const reader = partReader(transfer);
  const first = await reader.next();
  if (!first.last || first.bytes.length > maxPutBytes) {
    const input = { options, signal: stop.signal, partBytes: first.bytes.length };
    return await withUpload(input, { kind: 'nothing' }, options.signal, (session) =>
      sendParts(transfer, session, first, reader),
    );
  }
  const info = await putWhole(transfer, first);
  report(transfer, info.size);
  return info;
}

/** Runs with a signal that also aborts when something inside fails. */
async function withStop<Result>(
  signal: AbortSignal | undefined,
  work: (stop: AbortController) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(stop);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** One reading of the source from its start. */
async function uploadOnce(settings: ResolvedUploadOptions, startedAt: number): Promise<UploadResult> {
  const { backend, crypto, clock, limit } = settings;
  return await withStop(settings.signal, async (stop) => {
    const source = await openSource(settings.source, { signal: stop.signal, clock });
    try {
      checkLimit(source.name, source.sizeBytes ?? 0, limit);
      const observer = new ByteObserver(crypto);
      const transfer: Transfer = { options: settings, source, observer, stop, startedAt };
      const info = await uploadBytes(transfer);
      const observed = observer.result();
      checkStored(backend, info, observed.sizeBytes);
      return { ...observed, key: info.key, info, durationMs: clock.monotonic() - startedAt };
    } finally {
      await source.close();
    }
  });
}

/**
 * Uploads a file or a stream in one pass: bytes are read once into a bounded number of buffers, hashed in
 * order and sent in parallel parts. The object becomes visible when all of it has arrived and the source
 * proved unchanged; otherwise nothing is visible, and no parts are left.
 *
 * With a journal, the upload of a file that was interrupted, by whatever killed the process, is gone on with: parts
 * that the store acknowledged are not sent again, while the whole file is read again for its SHA-256, which also
 * proves that it still is what was sent. A file that changed, or an upload that the store has forgotten, begins anew.
 * An object whose upload was completed without anybody hearing of it is found, and is the result. The journal is the
 * caller's to forget, once nothing depends on the answer any more.
 *
 * Memory is `memoryBudgetBytes`, whatever the chunks of a stream are. The SHA-256 is that of the whole
 * source, made here; it is never taken from the store.
 *
 * @throws IntegrityError when the source changed, ended early, or the store holds another size; LimitError
 *   when it is too large; ValidationError for the key or the options; NotFoundError for the file; StorageError
 *   from the backend; the signal's reason
 */
export async function uploadFile(options: UploadOptions): Promise<UploadResult> {
  const settings = resolveUploadOptions(options);
  checkStorageKey(settings.key);
  const startedAt = settings.clock.monotonic();
  try {
    return await uploadOnce(settings, startedAt);
  } catch (error) {
    if (!(error instanceof StaleJournalError)) throw error;
    // What was sent before was given up with that error; this time there is nothing to go on with.
    await settings.journal?.forget();
    return await uploadOnce(settings, startedAt);
  }
}
