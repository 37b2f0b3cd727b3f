import type { ObjectInfo } from '@buildstate/core';
import { checkStorageKey } from '@buildstate/core/light';
import { checkSize } from './expected.ts';
import { nameOf, resolveVerifyOptions, type VerifyOptions } from './read-options.ts';
import { readVerified, statObject } from './read-verified.ts';

/** What was proved. */
export interface VerifyResult {
  /** SHA-256 of the bytes that were read, 64 lower-case hexadecimal characters. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly sizeBytes: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** The object as the store showed it. */
  readonly info: ObjectInfo;
}

/**
 * Reads an object, checks every byte against what is expected, and keeps nothing (`--verify-only`).
 * @throws IntegrityError when size or digest differ; StorageNotFoundError; StorageChangedError when it is
 *   replaced meanwhile; TimeoutError when it stalls; StorageError from the backend; the signal's reason
 */
export async function verifyObject(options: VerifyOptions): Promise<VerifyResult> {
  const settings = resolveVerifyOptions(options);
  const startedAt = settings.clock.monotonic();
  checkStorageKey(settings.key);
  const info = await statObject(settings);
  checkSize(nameOf(settings), settings.expected, info.size);
  const { sha256, sizeBytes } = await readVerified(settings, info);
  return { sha256, sizeBytes, info, durationMs: settings.clock.monotonic() - startedAt };
}
