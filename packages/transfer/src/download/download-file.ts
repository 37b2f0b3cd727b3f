import { resolve } from 'node:path';
import { checkStorageKey, StorageChangedError } from '@buildstate/core/light';
import { checkSize } from './expected.ts';
import {
  nameOf,
  type ResolvedVerifyOptions,
  resolveVerifyOptions,
  type VerifyOptions,
} from './read-options.ts';
import { readVerified, statObject } from './read-verified.ts';
import { checkFreeSpace, prepareTarget, TargetFile } from './target-file.ts';
import type { VerifyResult } from './verify-object.ts';

/** What a download needs. */
export interface DownloadOptions extends VerifyOptions {
  /** Path of the file to make; folders above it are made as needed. Never derived from a name in the store. */
  readonly target: string;
  /** Replace a file that is there. @default false */
  readonly overwrite?: boolean;
}

/** What was downloaded. */
export interface DownloadResult extends VerifyResult {
  /** Absolute path of the file. */
  readonly path: string;
}

/** How often a download starts again when the object is replaced while it is read. */
const attempts = 2;

async function downloadOnce(options: ResolvedVerifyOptions, target: string, overwrite: boolean) {
  const info = await statObject(options);
  checkSize(nameOf(options), options.expected, info.size);
  await checkFreeSpace(target, info.size);
  const file = await TargetFile.open(target);
  try {
    const actual = await readVerified(options, info, (slice, position) => file.write(slice, position));
    await file.commit(overwrite);
    return { sha256: actual.sha256, sizeBytes: actual.sizeBytes, info };
  } finally {
    await file.discard();
  }
}

/**
 * Downloads an object to a file that appears whole and proved, or not at all. Bytes are hashed while they are
 * written beside the target; only when length and digests are the expected ones is the file moved there.
 * When the object is replaced meanwhile, the download starts again once, with the new version.
 *
 * @throws IntegrityError when the bytes are not the expected ones; NoSpaceError before the first byte or when
 *   the disk fills up; AlreadyExistsError; StorageNotFoundError; TimeoutError when no byte arrives for
 *   `idleTimeoutMs`; StorageError from the backend; the signal's reason. Nothing is left at the target or
 *   beside it then.
 */
export async function downloadFile(options: DownloadOptions): Promise<DownloadResult> {
  const settings = resolveVerifyOptions(options);
  const { overwrite = false } = options;
  const startedAt = settings.clock.monotonic();
  const target = resolve(options.target);
  checkStorageKey(settings.key);
  await prepareTarget(target, overwrite);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const done = await downloadOnce(settings, target, overwrite);
      return { ...done, path: target, durationMs: settings.clock.monotonic() - startedAt };
    } catch (error) {
      if (!(error instanceof StorageChangedError) || attempt === attempts) throw error;
    }
  }
}
