import { IntegrityError } from '@buildstate/core/light';
import { anySha256 } from '../digest/any-sha256.ts';
import { type ActualBytes, checkBytes, checkSize } from '../download/expected.ts';
import type { ProgressListener } from '../progress.ts';

/** A file that was dropped on a page, or anything else of the kind: what is used of a `Blob`. */
export interface BlobLike {
  /** Size in bytes. */
  readonly size: number;
  /** What it is called, for messages; a `File` has a name. */
  readonly name?: string;
  /** Its bytes. */
  stream(): { getReader(): BlobReader };
}

/** What is used of a `ReadableStreamDefaultReader`. */
export interface BlobReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
}

/** How a file is verified. */
export interface VerifyBlobOptions {
  /** What its record says. */
  readonly expected: { readonly sha256?: string; readonly sizeBytes?: number };
  /** Told after every chunk. */
  readonly onProgress?: ProgressListener;
  /** Ends the work early with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Hashes a file in bounded memory and compares it with its record, in a browser or anywhere else.
 * @returns its size and SHA-256
 * @throws IntegrityError when they are not the expected ones, at once when the size already is not; the signal's reason;
 *   what reading throws, when the file changed meanwhile for instance
 */
export async function verifyBlob(
  blob: BlobLike,
  { expected, onProgress, signal }: VerifyBlobOptions,
): Promise<ActualBytes> {
  const name = blob.name ?? 'The file';
  signal?.throwIfAborted();
  checkSize(name, expected, blob.size);
  const startedAt = performance.now();
  const sha256 = await anySha256();
  const reader = blob.stream().getReader();
  let sizeBytes = 0;
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      const bytes = step.value ?? new Uint8Array(0);
      sha256.update(bytes);
      sizeBytes += bytes.length;
      const elapsedMs = performance.now() - startedAt;
      onProgress?.({ transferredBytes: sizeBytes, totalBytes: blob.size, elapsedMs });
      signal?.throwIfAborted();
    }
  } catch (error) {
    await reader.cancel(error);
    throw error;
  }
  if (sizeBytes !== blob.size) {
    throw new IntegrityError(`${name} has ${blob.size} bytes, but ${sizeBytes} could be read. Try again.`);
  }
  const actual = { sha256: sha256.hex(), sizeBytes };
  checkBytes(name, expected, actual);
  return actual;
}
