import type { ObjectInfo, UploadHandle } from '@buildstate/core';
import { checkStorageKey } from '@buildstate/core/light';
import { ByteObserver, type ObservedBytes } from '../format/byte-observer.ts';
import type { ByteSource } from '../source/byte-source.ts';
import { openSource } from '../source/open-source.ts';
import { BufferPool } from './buffer-pool.ts';
import { uploadByClone } from './clone-file.ts';
import { planParts } from './part-plan.ts';
import { PartSender } from './part-sender.ts';
import { checkLimit, PartReader, type SourcePart } from './source-parts.ts';
import { type ResolvedUploadOptions, resolveUploadOptions, type UploadOptions } from './upload-options.ts';
import { checkParts, checkStored, withUpload } from './upload-session.ts';

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

function partReader({ options, source, observer }: Transfer): PartReader {
  const { partBytes, memoryBudgetBytes, backend, limit } = options;
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

async function sendParts(
  transfer: Transfer,
  upload: UploadHandle,
  first: SourcePart,
  reader: PartReader,
): Promise<ObjectInfo> {
  const { options, observer, stop } = transfer;
  const { backend, concurrency } = options;
  let arrived = 0;
  const onSent = (bytes: number) => {
    arrived += bytes;
    report(transfer, arrived);
  };
  const sender = new PartSender({ backend, upload, concurrency, stop, onSent });
  try {
    for (let part = first; ; part = await reader.next()) {
      await sender.send(part);
      if (part.last) break;
    }
    const parts = await sender.finish();
    checkParts(parts, observer.sizeBytes);
    return await backend.completeUpload(upload, parts, { signal: stop.signal });
  } catch (error) {
    stop.abort(error);
    // Nothing of ours may still be on its way when the upload is given up.
    await sender.settle();
    throw error;
  }
}

/** A regular file that needs more than one part: known before reading, so it may be cloned. */
async function uploadLargeFile(transfer: Transfer): Promise<ObjectInfo> {
  const { options, source, observer, stop } = transfer;
  const { backend } = options;
  const { signal } = stop;
  return await withUpload(options, signal, async (upload) => {
    const cloned = await uploadByClone({ backend, upload, source, observer, signal });
    if (cloned !== undefined) return cloned;
    const reader = partReader(transfer);
    return await sendParts(transfer, upload, await reader.next(), reader);
  });
}

async function uploadBytes(transfer: Transfer): Promise<ObjectInfo> {
  const { options, source, stop } = transfer;
  const { maxPutBytes } = options.backend.capabilities;
  const isLargeFile = source.path !== undefined && (source.sizeBytes ?? 0) > options.partBytes;
  if (isLargeFile) return await uploadLargeFile(transfer);
  const reader = partReader(transfer);
  const first = await reader.next();
  if (!first.last || first.bytes.length > maxPutBytes) {
    return await withUpload(options, stop.signal, (upload) => sendParts(transfer, upload, first, reader));
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

/**
 * Uploads a file or a stream in one pass: bytes are read once into a bounded number of buffers, hashed in
 * order and sent in parallel parts. The object becomes visible when all of it has arrived and the source
 * proved unchanged; otherwise nothing is visible, and no parts are left.
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
  const { backend, key, crypto, clock, limit } = settings;
  checkStorageKey(key);
  const startedAt = clock.monotonic();
  return await withStop(options.signal, async (stop) => {
    const source = await openSource(settings.source, { signal: stop.signal, clock });
    try {
      checkLimit(source.name, source.sizeBytes ?? 0, limit);
      const transfer: Transfer = {
        options: settings,
        source,
        observer: new ByteObserver(crypto),
        stop,
        startedAt,
      };
      const info = await uploadBytes(transfer);
      const observed = transfer.observer.result();
      checkStored(backend, info, observed.sizeBytes);
      return { ...observed, key, info, durationMs: clock.monotonic() - startedAt };
    } finally {
      await source.close();
    }
  });
}
