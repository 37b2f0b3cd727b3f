import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { TransferProgress } from '@buildstate/client';
import { IntegrityError, NotFoundError } from '@buildstate/core/light';
import { isErrorWithCode } from '@buildstate/node-runtime';
import { UsageError } from '../errors/usage-error.ts';
import type { InputStream } from '../session/session.ts';

/** Digest and size of bytes. */
export interface HashedBytes {
  /** 64 lower-case hexadecimal characters. */
  readonly sha256: string;
  /** How many bytes there were. */
  readonly sizeBytes: number;
}

/** What hashing is done with. */
export interface HashOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told about progress, piece by piece. */
  readonly onProgress: (progress: TransferProgress) => void;
}

const pieceBytes = 1024 * 1024;

/** The SHA-256 of a stream, in bounded memory. */
export async function hashStream(
  stream: InputStream,
  { now, onProgress }: HashOptions,
  totalBytes?: number,
): Promise<HashedBytes> {
  const hash = createHash('sha256');
  const begun = now();
  let sizeBytes = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    sizeBytes += Buffer.byteLength(chunk);
    const elapsedMs = now() - begun;
    onProgress({ transferredBytes: sizeBytes, ...(totalBytes !== undefined && { totalBytes }), elapsedMs });
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (isErrorWithCode(cause, 'ENOENT')) throw new NotFoundError(`There is no file ${path}.`, { cause });
    if (!isErrorWithCode(cause, 'EACCES', 'EPERM')) throw cause;
    throw new UsageError(`${path} may not be read by this user.`, { cause });
  }
}

async function identityOf(handle: FileHandle): Promise<string> {
  const { size, mtimeNs } = await handle.stat({ bigint: true });
  return `${size} ${mtimeNs}`;
}

/**
 * The SHA-256 of a file, also of a pipe or a device.
 * @throws NotFoundError, UsageError for a folder; IntegrityError when the file changes meanwhile
 */
export async function hashFile(path: string, options: HashOptions): Promise<HashedBytes> {
  await using handle = await opened(path);
  const stats = await handle.stat();
  if (stats.isDirectory()) {
    throw new UsageError(`${path} is a folder. Pack it first, for example with tar.`);
  }
  const before = await identityOf(handle);
  const stream = handle.createReadStream({ highWaterMark: pieceBytes, autoClose: false });
  const hashed = await hashStream(stream, options, stats.isFile() ? stats.size : undefined);
  if (stats.isFile() && (await identityOf(handle)) !== before) {
    throw new IntegrityError(`${path} changed while it was read. Try again when nobody writes to it.`);
  }
  return hashed;
}
