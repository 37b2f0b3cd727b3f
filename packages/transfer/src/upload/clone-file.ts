import type { ArtifactBackend, ObjectInfo } from '@buildstate/core';
import type { ByteObserver } from '../format/byte-observer.ts';
import type { ByteSource } from '../source/byte-source.ts';
import { sliceBytes } from '../source/read-slices.ts';
import { checkParts, type UploadSession } from './upload-session.ts';

/** What is cloned, and what sees its bytes. */
export interface CloneInput {
  readonly backend: ArtifactBackend;
  readonly session: Pick<UploadSession, 'upload' | 'journal'>;
  readonly source: ByteSource;
  readonly observer: ByteObserver;
  readonly signal: AbortSignal;
}

/** Hashes the whole source, and checks that it stayed what it was since before it was cloned. */
export async function observeAll({
  source,
  observer,
  signal,
}: Pick<CloneInput, 'source' | 'observer' | 'signal'>): Promise<void> {
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
  const { backend, session, source, observer, signal } = input;
  const { upload, journal } = session;
  if (source.path === undefined) return undefined;
  const part = await backend.cloneFile?.(upload, source.path, { signal });
  if (part === undefined) return undefined;
  await observeAll(input);
  checkParts([part], observer.sizeBytes);
  const { sizeBytes } = observer;
  const sha256 = observer.prefix();
  await journal?.notePart({ ...part, prefix: sha256 });
  await journal?.noteWhole({ sha256, sizeBytes });
  return await backend.completeUpload(upload, [part], { sha256, signal });
}
