import { IntegrityError } from '@buildstate/core/light';
import { ArtifactCache, type ArtifactCacheOptions } from '../cache/artifact-cache.ts';
import { checkBytes } from './expected.ts';
import type { FileDigests } from './file-hash.ts';
import { PartFile } from './part-file.ts';
import { nameOf, type ResolvedVerifyOptions } from './read-options.ts';
import { startHash } from './start-hash.ts';
import { checkFreeSpace } from './target.ts';

/** What to take from the cache, and where to put it. */
export interface CachedDownload {
  readonly settings: ResolvedVerifyOptions;
  readonly target: string;
  readonly overwrite: boolean;
  readonly cache: ArtifactCacheOptions;
}

/** The digests of a file that is already whole. */
async function hashWhole(
  settings: ResolvedVerifyOptions,
  file: PartFile,
  sizeBytes: number,
): Promise<FileDigests> {
  const fileHash = startHash(settings, file, sizeBytes);
  const stop = () => void fileHash.stop();
  settings.signal?.addEventListener('abort', stop, { once: true });
  try {
    fileHash.advance(sizeBytes);
    return await fileHash.result();
  } catch (error) {
    settings.signal?.throwIfAborted();
    throw error;
  } finally {
    settings.signal?.removeEventListener('abort', stop);
    await fileHash.stop();
  }
}

/**
 * Puts a file from the cache at the target, after the copy itself was hashed. Answers `undefined` when there is none
 * with that SHA-256, or when it was damaged, in which case it is thrown out.
 * @throws NoSpaceError, AlreadyExistsError; the signal's reason
 */
export async function downloadFromCache({
  settings,
  target,
  overwrite,
  cache: options,
}: CachedDownload): Promise<(FileDigests & { readonly sizeBytes: number }) | undefined> {
  const { expected, backend, key, signal } = settings;
  const sha256 = expected.sha256?.toLowerCase();
  if (sha256 === undefined) return undefined;
  const cache = new ArtifactCache(options);
  signal?.throwIfAborted();
  if (!(await cache.has(sha256))) return undefined;
  const subject = { object: nameOf({ backend, key }), version: '', sizeBytes: expected.sizeBytes ?? 0 };
  await checkFreeSpace(target, subject.sizeBytes);
  const file = await PartFile.create(target, subject);
  try {
    if (!(await cache.copyTo(sha256, file.path))) return undefined;
    const { size: sizeBytes } = await file.handle.stat();
    const digests = await hashWhole(settings, file, sizeBytes);
    checkBytes(`${sha256} in the cache`, expected, { ...digests, sizeBytes });
    await file.commit(overwrite);
    return { ...digests, sizeBytes };
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    options.onProblem?.(error);
    await cache.drop(sha256);
    return undefined;
  } finally {
    await file.discard();
  }
}
