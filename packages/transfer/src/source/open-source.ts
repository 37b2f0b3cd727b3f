import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Clock } from '@buildstate/core';
import { NotFoundError, ValidationError } from '@buildstate/core/light';
import { isErrorWithCode } from '@buildstate/node-runtime';
import { closableBody } from '../body/closable-body.ts';
import type { ByteSource } from './byte-source.ts';
import { identityOf } from './file-identity.ts';
import { fileSource } from './file-source.ts';
import { sliceBytes } from './read-slices.ts';
import { streamSource } from './stream-source.ts';

/** Bytes to upload: a file's path (also of a pipe or a block device), or a stream with its size if known. */
export type UploadSource =
  | { readonly path: string }
  | { readonly stream: AsyncIterable<Uint8Array>; readonly sizeBytes?: number };

/** What reading a source needs. */
export interface SourceContext {
  /** Ends the reading early. */
  readonly signal: AbortSignal;
  /** For timers. */
  readonly clock: Clock;
}

function refuse(path: string, message: string): ValidationError {
  return new ValidationError(`${path} ${message}`, { problems: [{ path: 'source.path', message }] });
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY);
  } catch (cause) {
    if (isErrorWithCode(cause, 'ENOENT')) throw new NotFoundError(`There is no file ${path}.`, { cause });
    if (isErrorWithCode(cause, 'EACCES', 'EPERM')) throw refuse(path, 'may not be read by this user.');
    throw cause;
  }
}

/** A pipe or a device, read from where it stands until it ends. */
function sequentialChunks(handle: FileHandle): AsyncIterable<Uint8Array> {
  return closableBody({
    async next() {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(sliceBytes), 0, sliceBytes, null);
      return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  });
}

/**
 * Opens what is to be uploaded.
 * @throws NotFoundError when there is no such file; ValidationError for folders and unreadable files
 */
export async function openSource(source: UploadSource, context: SourceContext): Promise<ByteSource> {
  if ('stream' in source) return streamSource({ ...source, ...context, name: 'The stream' });
  const { path } = source;
  const handle = await openFile(path);
  const stats = await handle.stat({ bigint: true });
  if (stats.isFile()) return fileSource(handle, identityOf(stats), path);
  if (!stats.isDirectory()) {
    return streamSource({ stream: sequentialChunks(handle), ...context, name: path });
  }
  await handle.close();
  throw refuse(path, 'is a folder. Pack it first, for example with tar, and upload the archive.');
}
