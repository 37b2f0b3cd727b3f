import type { ArtifactBackend, ObjectInfo, UploadHandle } from '@buildstate/core';
import type { ByteObserver } from '../format/byte-observer.ts';
import type { ByteSource } from '../source/byte-source.ts';
import { sliceBytes } from '../source/read-slices.ts';
import { checkParts } from './upload-session.ts';

/** What is cloned, and what sees its bytes. */
export interface CloneInput {
  readonly backend: ArtifactBackend;
  readonly upload: UploadHandle;
  readonly source: ByteSource;
  readonly observer: ByteObserver;
  readonly signal: AbortSignal;
}

/** Hashes the whole source, and checks that it stayed what it was since before it was cloned. */
async function observeAll({ source, observer, signal }: CloneInput): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(2 * sliceBytes);
  do {
    signal.throwIfAborted();
    await source.fill(buffer, (bytes) => observer.observe(bytes));
  } while (!(await source.atEnd()));
  await source.check();
}

/**
 * Uploads by cloning where source and store share a file system that can: the bytes are only read, once, to be
 * hashed. Answers `undefined`, with the source untouched, when that is not possible.
 * @throws IntegrityError when the source changes meanwhile
 */
export async function uploadByClone(input: CloneInput): Promise<ObjectInfo | undefined> {
  const { backend, upload, source, observer, signal } = input;
  if (source.path === undefined) return undefined;
  const part = await backend.cloneFile?.(upload, source.path, { signal });
  if (part === undefined) return undefined;
  await observeAll(input);
  checkParts([part], observer.sizeBytes);
  return await backend.completeUpload(upload, [part], { signal });
}
