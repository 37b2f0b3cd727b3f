import type { Readable } from 'node:stream';
import type { ObjectInfo, ReadOptions, ReadResult } from '@buildstate/core';
import { StorageError } from '@buildstate/core/light';
import { closableBody } from '@buildstate/transfer';
import { objectChanged, objectNotFound } from '../backend-errors.ts';
import type { S3Connection } from './s3-connection.ts';
import { toStorageError } from './s3-errors.ts';
import { withBorrowed } from './s3-fast-read.ts';
import { headObject, infoOf, quoted } from './s3-object.ts';

/** One read, in words and numbers. */
interface Wanted {
  readonly key: string;
  readonly name: string;
  readonly start: number;
  readonly end: number | undefined;
  readonly options: ReadOptions;
}

/** The range begins at the object's end or later. Stays in this file. */
class BeyondEnd extends StorageError {}

/** A store that answers with other bytes than it was asked for. */
function wrongRange(name: string, what: string): StorageError {
  return new StorageError(`${name}: the store ${what}. Nothing of it was used.`, { kind: 'integrity' });
}

/** RFC 9110, 14.4: `bytes first-last/size`. */
function parseContentRange(text: string | undefined) {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(text ?? '');
  if (match === null) return undefined;
  const [first, last, size] = match.slice(1).map(Number);
  return { first: first ?? 0, last: last ?? 0, size: size ?? 0 };
}

/** Size of the whole object, after checking that the reply begins and ends where it was asked to. */
function sizeOf(wanted: Wanted, ranged: boolean, contentRange: string | undefined, length: number): number {
  if (!ranged) return length;
  const range = parseContentRange(contentRange);
  if (range === undefined) throw wrongRange(wanted.name, 'ignored the range that was asked for');
  const last = Math.min(wanted.end ?? range.size, range.size) - 1;
  if (range.first !== wanted.start || range.last !== last || length !== last - wanted.start + 1) {
    throw wrongRange(wanted.name, `was asked for bytes ${wanted.start}-${last} and sent ${contentRange}`);
  }
  return range.size;
}

/** Counts the bytes: a reply that is cut must not look like a short object. */
function bodyOf(stream: Readable, name: string, length: number): ReadResult['body'] {
  const chunks = stream[Symbol.asyncIterator]();
  // Destroying may make the stream complain when nobody listens any more.
  stream.on('error', () => undefined);
  let received = 0;
  const ended = (count: number) =>
    new StorageError(`${name} ended after ${count} of ${length} bytes.`, { persistence: 'transient' });
  return closableBody({
    async next() {
      let step: IteratorResult<unknown>;
      try {
        step = await chunks.next();
      } catch (cause) {
        throw cutOff(cause, name, received, length);
      }
      if (step.done) {
        if (received !== length) throw ended(received);
        return undefined;
      }
      const chunk = step.value as Uint8Array;
      received += chunk.length;
      if (received > length) throw wrongRange(name, 'sent more bytes than it announced');
      return chunk;
    },
    async close() {
      // Frees the socket whether or not all of it was read; an undrained one would be lost to the pool.
      stream.destroy();
    },
  });
}

/** Whatever ends a body early is worth another try from where it stopped. */
function cutOff(cause: unknown, name: string, received: number, length: number): StorageError {
  const translated = toStorageError(cause, `read of ${name}`);
  const reason = translated instanceof Error ? ` ${translated.message}` : '';
  return new StorageError(`${name} broke off after ${received} of ${length} bytes.${reason}`, {
    cause,
    persistence: 'transient',
  });
}

/** A range without bytes, which S3 refuses to serve: answered from what HEAD says. */
async function emptyRead(connection: S3Connection, wanted: Wanted): Promise<ReadResult> {
  const head = await headObject(connection, wanted.key, wanted.options.signal);
  if (head === undefined) throw objectNotFound(wanted.name);
  const { ifVersion } = wanted.options;
  if (ifVersion !== undefined && quoted(ifVersion) !== head.info.version) throw objectChanged(wanted.name);
  const body = closableBody({ next: async () => undefined, close: async () => undefined });
  return { body, info: head.info };
}

function rangeHeader({ start, end }: Wanted): string | undefined {
  if (start === 0 && end === undefined) return undefined;
  return `bytes=${start}-${end === undefined ? '' : end - 1}`;
}

/** Asks for the bytes. Answers `undefined` when the range begins at the object's end or later. */
async function getObject(connection: S3Connection, wanted: Wanted): Promise<ReadResult | undefined> {
  const { sdk, client } = connection;
  const { name, key, options } = wanted;
  const range = rangeHeader(wanted);
  const command = new sdk.GetObjectCommand({
    ...connection.object(key),
    ...(range === undefined ? {} : { Range: range }),
    ...(options.ifVersion === undefined ? {} : { IfMatch: quoted(options.ifVersion) }),
  });
  try {
    const reply = await connection.call(
      `read of ${name}`,
      options.signal,
      (send) => client.send(command, withBorrowed(send, options.borrowed)),
      {
        NoSuchKey: (cause) => objectNotFound(name, cause),
        '412': (cause) => objectChanged(name, cause),
        '416': (cause) => new BeyondEnd(`${name} ends before the range.`, { cause }),
      },
    );
    const stream = reply.Body as unknown as Readable;
    try {
      const length = reply.ContentLength ?? 0;
      const info: ObjectInfo = infoOf(
        connection,
        key,
        sizeOf(wanted, range !== undefined, reply.ContentRange, length),
        reply,
      );
      // A store that ignores the condition must not slip another version in.
      if (options.ifVersion !== undefined && quoted(options.ifVersion) !== info.version)
        throw objectChanged(name);
      return { body: bodyOf(stream, name, length), info };
    } catch (error) {
      stream.destroy();
      throw error;
    }
  } catch (error) {
    if (error instanceof BeyondEnd) return undefined;
    throw error;
  }
}

/** Opens an object, or a range of it, for reading. */
export async function readObject(
  connection: S3Connection,
  key: string,
  options: ReadOptions,
): Promise<ReadResult> {
  const { start = 0, end } = options;
  const wanted: Wanted = { key, name: connection.nameOf(key), start, end, options };
  if (end !== undefined && end <= start) return await emptyRead(connection, wanted);
  return (await getObject(connection, wanted)) ?? (await emptyRead(connection, wanted));
}
