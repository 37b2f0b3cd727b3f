import type { ReadResult } from '@buildstate/core';
import { StorageError } from '@buildstate/core/light';
import { closableBody } from '@buildstate/transfer';

/** The bytes that were asked for. */
export interface WantedRange {
  /** The object in words, for errors. */
  readonly name: string;
  /** First byte wanted. */
  readonly start: number;
  /** First byte not wanted any more; `undefined` for the object's end. */
  readonly end: number | undefined;
}

/** A reply that brings bytes, as its headers describe it. */
export interface RangedReply {
  /** Whether a range was asked for. */
  readonly ranged: boolean;
  /** The `Content-Range` header. */
  readonly contentRange: string | undefined;
  /** The `Content-Length` header. */
  readonly length: number;
}

/** A store that answers with other bytes than it was asked for. */
export function wrongReply(name: string, what: string): StorageError {
  return new StorageError(`${name}: the store ${what}. Nothing of it was used.`, { kind: 'integrity' });
}

/** RFC 9110, 14.4: `bytes first-last/size`. */
function parseContentRange(text: string | undefined) {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(text ?? '');
  if (match === null) return undefined;
  const [first = 0, last = 0, size = 0] = match.slice(1).map(Number);
  return { first, last, size };
}

/**
 * Size of the whole object, after checking that a reply begins and ends where it was asked to.
 * @throws StorageError of kind `integrity`
 */
export function wholeSizeOf(wanted: WantedRange, reply: RangedReply): number {
  const { ranged, contentRange, length } = reply;
  if (!ranged) return length;
  const range = parseContentRange(contentRange);
  if (range === undefined) throw wrongReply(wanted.name, 'ignored the range that was asked for');
  const last = Math.min(wanted.end ?? range.size, range.size) - 1;
  if (range.first !== wanted.start || range.last !== last || length !== last - wanted.start + 1) {
    throw wrongReply(wanted.name, `was asked for bytes ${wanted.start}-${last} and sent ${contentRange}`);
  }
  return range.size;
}

/** The value of a `Range` header, or `undefined` for the whole object. */
export function rangeHeader({ start, end }: WantedRange): string | undefined {
  if (start === 0 && end === undefined) return undefined;
  return `bytes=${start}-${end === undefined ? '' : end - 1}`;
}

/** A stream of a reply. */
export interface ReplyStream {
  /** Its chunks. */
  readonly chunks: AsyncIterator<unknown>;
  /** Frees its socket whether or not all of it was read; an undrained one would be lost to the pool. */
  readonly close: () => Promise<void>;
  /** Words a failure of the transport. */
  readonly translate: (error: unknown) => unknown;
}

/** Counts the bytes of a body: a reply that is cut must not look like a short object. */
export function countedBody(stream: ReplyStream, name: string, length: number): ReadResult['body'] {
  let received = 0;
  // Whatever ends a body early is worth another try from where it stopped.
  const brokeOff = (cause: unknown) => {
    const translated = stream.translate(cause);
    const reason = translated instanceof Error ? ` ${translated.message}` : '';
    const message = `${name} broke off after ${received} of ${length} bytes.${reason}`;
    return new StorageError(message, { cause: translated, persistence: 'transient' });
  };
  return closableBody({
    async next() {
      let step: IteratorResult<unknown>;
      try {
        step = await stream.chunks.next();
      } catch (cause) {
        throw brokeOff(cause);
      }
      if (step.done) {
        if (received === length) return undefined;
        throw new StorageError(`${name} ended after ${received} of ${length} bytes.`, {
          persistence: 'transient',
        });
      }
      const chunk = step.value as Uint8Array;
      received += chunk.length;
      if (received > length) throw wrongReply(name, 'sent more bytes than it announced');
      return chunk;
    },
    close: stream.close,
  });
}

/** The body of a range without bytes. */
export function emptyBody(): ReadResult['body'] {
  return closableBody({ next: async () => undefined, close: async () => undefined });
}
