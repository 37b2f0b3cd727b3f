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
import type { GcsConnection } from './gcs-connection.ts';
import { toStorageError } from './gcs-errors.ts';
import { headObject, infoOf } from './gcs-object.ts';

/** One read, in words and numbers. */
interface Wanted extends WantedRange {
  readonly key: string;
  readonly options: ReadOptions;
}

/** The range begins at the object's end or later. Stays in this file. */
class BeyondEnd extends StorageError {}

/** A range without bytes, which the store refuses to serve: answered from what HEAD says. */
async function emptyRead(connection: GcsConnection, wanted: Wanted): Promise<ReadResult> {
  const { key, name, options } = wanted;
  const head = await headObject(connection, key, options.signal);
  if (head === undefined) throw objectNotFound(name);
  if (options.ifVersion !== undefined && options.ifVersion !== head.info.version) throw objectChanged(name);
  return { body: emptyBody(), info: head.info };
}

function streamOf(response: Response, name: string): ReplyStream {
  const reader = response.body?.getReader();
  return {
    chunks: {
      next: async () =>
        ((await reader?.read()) ?? { done: true, value: undefined }) as IteratorResult<unknown>,
    },
    close: async () => {
      // A body that broke has no socket to free any more, and says so again.
      await reader?.cancel().catch(() => undefined);
    },
    translate: (error) => toStorageError(error, `read of ${name}`),
  };
}

/** Asks for the bytes. Answers `undefined` when the range begins at the object's end or later. */
async function download(connection: GcsConnection, wanted: Wanted): Promise<ReadResult | undefined> {
  const { key, name, options } = wanted;
  const { ifVersion } = options;
  const range = rangeHeader(wanted);
  try {
    const response = await connection.send({
      what: `read of ${name}`,
      method: 'GET',
      target: connection.target(key),
      headers: {
        ...(range === undefined ? {} : { range }),
        ...(ifVersion === undefined ? {} : { 'x-goog-if-generation-match': ifVersion }),
      },
      signal: options.signal,
      meanings: {
        NoSuchKey: (cause) => objectNotFound(name, cause),
        '412': (cause) => objectChanged(name, cause),
        '416': (cause) => new BeyondEnd(`${name} ends before the range.`, { cause }),
      },
    });
    try {
      const length = Number(response.headers.get('content-length') ?? 0);
      const contentRange = response.headers.get('content-range') ?? undefined;
      const size = wholeSizeOf(wanted, { ranged: range !== undefined, contentRange, length });
      const info = infoOf(connection, key, size, response.headers);
      // A store that ignores the condition must not slip another version in.
      if (ifVersion !== undefined && ifVersion !== info.version) throw objectChanged(name);
      return { body: countedBody(streamOf(response, name), name, length), info };
    } catch (error) {
      await response.body?.cancel();
      throw error;
    }
  } catch (error) {
    if (error instanceof BeyondEnd) return undefined;
    throw error;
  }
}

/** Opens an object, or a range of it, for reading. */
export async function readObject(
  connection: GcsConnection,
  key: string,
  options: ReadOptions,
): Promise<ReadResult> {
  const { start = 0, end, ifVersion } = options;
  const wanted: Wanted = { key, name: connection.nameOf(key), start, end, options };
  connection.target(key);
  // What is no generation is no version of anything, and the store would refuse to read it.
  const cannotBe = ifVersion !== undefined && !/^[1-9]\d*$/.test(ifVersion);
  if (cannotBe || (end !== undefined && end <= start)) return await emptyRead(connection, wanted);
  return (await download(connection, wanted)) ?? (await emptyRead(connection, wanted));
}
