import type { Readable } from 'node:stream';
import type { ReadOptions, ReadResult } from '@buildstate/core';
import { StorageError } from '@buildstate/core/light';
import { objectChanged, objectNotFound } from '../backend-errors.ts';
import {
  countedBody,
  emptyBody,
  type ReplyStream,
  rangeHeader,
  type WantedRange,
  wholeSizeOf,
} from '../ranged-reply.ts';
import type { AzureConnection } from './azure-connection.ts';
import { toStorageError } from './azure-errors.ts';
import { infoOf, isWhole, quoted, statObject } from './azure-object.ts';

/** One read, in words and numbers. */
interface Wanted extends WantedRange {
  readonly key: string;
  readonly options: ReadOptions;
}

/** The range begins at the object's end or later. Stays in this file. */
class BeyondEnd extends StorageError {}

/** The condition was not met. Stays in this file. */
class NotThatVersion extends StorageError {}

/** A range without bytes, which Azure refuses to serve: answered from what the object's properties say. */
async function emptyRead(connection: AzureConnection, wanted: Wanted): Promise<ReadResult> {
  const { key, name, options } = wanted;
  const info = await statObject(connection, key, options.signal);
  if (info === undefined) throw objectNotFound(name);
  if (options.ifVersion !== undefined && quoted(options.ifVersion) !== info.version)
    throw objectChanged(name);
  return { body: emptyBody(), info };
}

function streamOf(stream: Readable, name: string): ReplyStream {
  // Destroying may make the stream complain when nobody listens any more.
  stream.on('error', () => undefined);
  return {
    chunks: stream[Symbol.asyncIterator](),
    close: async () => void stream.destroy(),
    translate: (error) => toStorageError(error, `read of ${name}`),
  };
}

/** Asks for the bytes. Answers `undefined` when the range begins at the object's end or later. */
async function download(connection: AzureConnection, wanted: Wanted): Promise<ReadResult | undefined> {
  const { key, name, start, end, options } = wanted;
  const { ifVersion } = options;
  const missing = (cause: unknown) => objectNotFound(name, cause);
  try {
    const reply = await connection.call(
      `read of ${name}`,
      options.signal,
      (send) =>
        connection.object(key).download(start, end === undefined ? undefined : end - start, {
          ...send,
          // Bodies are continued by the retry decorator, which names the version.
          maxRetryRequests: 0,
          conditions: ifVersion === undefined ? undefined : { ifMatch: quoted(ifVersion) },
        }),
      {
        BlobNotFound: missing,
        '412': (cause) => new NotThatVersion(`${name} is not the version asked for.`, { cause }),
        '416': (cause) => new BeyondEnd(`${name} ends before the range.`, { cause }),
      },
    );
    const stream = reply.readableStreamBody as unknown as Readable;
    try {
      if (!isWhole(reply.copyStatus)) throw missing(undefined);
      const length = reply.contentLength ?? 0;
      const ranged = rangeHeader(wanted) !== undefined;
      const size = wholeSizeOf(wanted, { ranged, contentRange: reply.contentRange, length });
      const info = infoOf(connection, key, size, reply);
      // A store that ignores the condition must not slip another version in.
      if (ifVersion !== undefined && quoted(ifVersion) !== info.version) throw objectChanged(name);
      return { body: countedBody(streamOf(stream, name), name, length), info };
    } catch (error) {
      stream.on('error', () => undefined).destroy();
      throw error;
    }
  } catch (error) {
    if (error instanceof BeyondEnd) return undefined;
    if (!(error instanceof NotThatVersion)) throw error;
    // No version of an object that is gone meets the condition either.
    const present = await statObject(connection, key, options.signal);
    throw present === undefined ? objectNotFound(name, error) : objectChanged(name, error);
  }
}

/** Opens an object, or a range of it, for reading. */
export async function readObject(
  connection: AzureConnection,
  key: string,
  options: ReadOptions,
): Promise<ReadResult> {
  const { start = 0, end } = options;
  const wanted: Wanted = { key, name: connection.nameOf(key), start, end, options };
  if (end !== undefined && end <= start) return await emptyRead(connection, wanted);
  return (await download(connection, wanted)) ?? (await emptyRead(connection, wanted));
}
