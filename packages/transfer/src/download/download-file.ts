import { resolve } from 'node:path';
import { checkStorageKey, IntegrityError, StorageChangedError } from '@buildstate/core/light';
import type { ArtifactCacheOptions } from '../cache/artifact-cache.ts';
import { downloadOnce } from './download-once.ts';
import { downloadFromCache } from './from-cache.ts';
import { defaultPieceBytes } from './pieces.ts';
import { resolveVerifyOptions, type VerifyOptions } from './read-options.ts';
import { prepareTarget } from './target.ts';
import type { VerifyResult } from './verify-object.ts';

/** What a download needs. */
export interface DownloadOptions extends VerifyOptions {
  /** Path of the file to make; folders above it are made as needed. Never derived from a name in the store. */
  readonly target: string;
  /** Replace a file that is there. @default false */
  readonly overwrite?: boolean;
  /** Requests at once. Each holds a buffer of at most 1 MiB. @default 4 */
  readonly lanes?: number;
  /**
   * Bytes that one request fetches, and of which an interrupted download fetches again at most `lanes` times as many;
   * more for objects of more than 10,000 such pieces. @default 8 MiB
   */
  readonly pieceBytes?: number;
  /** Go on with what an interrupted download of the same object left beside the target. @default true */
  readonly resume?: boolean;
  /** Where to look first, and to keep a copy for the next time. Only with an expected SHA-256. @default nowhere */
  readonly cache?: ArtifactCacheOptions;
}

/** What was downloaded. */
export interface DownloadResult extends VerifyResult {
  /** Absolute path of the file. */
  readonly path: string;
  /** Bytes that an interrupted download had left, and that were not fetched again. */
  readonly resumedBytes: number;
  /** Whether it came from the cache; nothing was asked of the store then, and `info` is what was expected. */
  readonly fromCache: boolean;
}

/** How often a download starts again when the object is replaced while it is read. */
const attempts = 2;

/**
 * Downloads an object to a file that appears whole and proved, or not at all. Ranges are fetched in parallel from one
 * version of the object into a sparse file beside the target, and hashed in order as they arrive; only when length and
 * digests are the expected ones is the file moved to the target. When the object is replaced meanwhile, the download
 * starts again once, with the new version.
 *
 * A download that is interrupted (by its signal, a failing network, the end of the process) leaves its file and a
 * journal beside the target as `.bldst-…`, when it is of more than one piece and its SHA-256 is known. The next
 * download of the same object to the same target goes on from there, after hashing what is there; it removes them
 * when they are of another object. One whose SHA-256 turns out wrong is fetched again whole before that is an error.
 *
 * @throws IntegrityError when the bytes are not the expected ones; NoSpaceError before the first byte or when
 *   the disk fills up; AlreadyExistsError; StorageNotFoundError; TimeoutError when no byte arrives for
 *   `idleTimeoutMs`; StorageError from the backend; the signal's reason. Nothing is at the target then.
 */
export async function downloadFile(options: DownloadOptions): Promise<DownloadResult> {
  const settings = resolveVerifyOptions(options);
  const { overwrite = false, lanes = 4, pieceBytes = defaultPieceBytes, cache } = options;
  const startedAt = settings.clock.monotonic();
  const target = resolve(options.target);
  checkStorageKey(settings.key);
  await prepareTarget(target, overwrite);
  const durationMs = () => settings.clock.monotonic() - startedAt;
  const cached = cache && (await downloadFromCache({ settings, target, overwrite, cache }));
  if (cached) {
    const info = { key: settings.key, size: cached.sizeBytes, version: `sha256:${cached.sha256}` };
    return { ...cached, info, path: target, durationMs: durationMs(), resumedBytes: 0, fromCache: true };
  }
  let resume = options.resume ?? true;
  for (let changes = 0; ; ) {
    const outcome = await downloadOnce({ settings, target, overwrite, lanes, pieceBytes, resume, cache });
    if ('done' in outcome) {
      return { ...outcome.done, path: target, durationMs: durationMs(), fromCache: false };
    }
    const { error, resumedBytes } = outcome;
    if (error instanceof StorageChangedError && changes + 1 < attempts) changes += 1;
    // What an earlier process left was damaged, by a crash of the machine for instance: it proves nothing.
    else if (error instanceof IntegrityError && resumedBytes > 0) resume = false;
    else throw error;
  }
}
