import type { IncomingMessage } from 'node:http';
import { LimitError } from '@buildstate/core';
import { HttpError } from '../errors/http-error.ts';
import type { BodyWatch } from './body-watch.ts';

/** How much body is taken, and for how long. */
export interface BodyBounds {
  /** Most bytes. */
  readonly bytes: number;
  /** Milliseconds for the whole body. */
  readonly totalMs: number;
  /** Milliseconds without a byte after which it is given up. @default as `totalMs` */
  readonly stallMs?: number;
  /** Memory to read into, of at least `bytes`. The answer is a view of it. @default memory of its own */
  readonly into?: Buffer;
}

const nothing = Buffer.alloc(0);

function size(bytes: number): string {
  const mebibytes = bytes / 1_048_576;
  return Number.isInteger(mebibytes) ? `${mebibytes} MiB (${bytes} bytes)` : `${bytes} bytes`;
}

function tooLarge(bytes: number): LimitError {
  return new LimitError(`The body is larger than ${size(bytes)}, the limit here. Nothing was changed.`, {
    context: { limit_bytes: bytes },
  });
}

/** Told of a body, or of why there is none. */
type Collected = (error: Error | null, body?: Buffer) => void;

/**
 * Reads a request's body into memory. What is left of it after a failure is not read; `lingering` sees to it.
 * @param done told once: of a LimitError as soon as the body is known to be too large, of an HttpError `request_timeout`
 * when it does not arrive in time, and `malformed` when the client goes away
 */
export function onBody(
  message: IncomingMessage,
  bounds: BodyBounds,
  watch: BodyWatch,
  done: Collected,
): void {
  const announced = Number(message.headers['content-length'] ?? 0);
  if (announced > bounds.bytes) {
    done(tooLarge(bounds.bytes));
    return;
  }
  let first: Buffer | undefined;
  let others: Buffer[] | undefined;
  let received = 0;
  let settled = false;
  const hardStop = bounds.stallMs === undefined ? 0 : performance.now() + bounds.totalMs;

  // Taking listeners away costs more than that they find out that all is over.
  function settle(): boolean {
    if (settled) return false;
    settled = true;
    watch.done(message);
    return true;
  }
  function fail(error: Error): void {
    if (!settle()) return;
    message.off('data', take);
    done(error);
  }
  function take(chunk: Buffer): void {
    received += chunk.length;
    if (received > bounds.bytes) {
      fail(tooLarge(bounds.bytes));
      return;
    }
    if (bounds.into !== undefined) chunk.copy(bounds.into, received - chunk.length);
    else if (first === undefined) first = chunk;
    else {
      others ??= [first];
      others.push(chunk);
    }
    if (bounds.stallMs !== undefined) {
      watch.extend(message, Math.min(bounds.stallMs, hardStop - performance.now()));
    }
  }
  function finish(): void {
    if (!settle()) return;
    if (bounds.into !== undefined) done(null, bounds.into.subarray(0, received));
    else if (others === undefined) done(null, first ?? nothing);
    else done(null, Buffer.concat(others, received));
  }
  function vanish(): void {
    if (settled) return;
    fail(new HttpError('malformed', 'The connection ended before the body was complete.'));
  }
  function expire(): void {
    const seconds = Math.round(bounds.totalMs / 100) / 10;
    fail(
      new HttpError(
        'request_timeout',
        `The body did not arrive in time (${seconds} s for all of it). Nothing was changed.`,
        { headers: { connection: 'close' } },
      ),
    );
  }

  watch.watch(message, Math.min(bounds.stallMs ?? bounds.totalMs, bounds.totalMs), expire);
  message.on('data', take).on('end', finish).on('close', vanish).on('error', vanish);
}

/** The same as a promise. @throws what `onBody` tells of */
export function collectBody(message: IncomingMessage, bounds: BodyBounds, watch: BodyWatch): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    onBody(message, bounds, watch, (error, body = nothing) => {
      if (error === null) resolve(body);
      else reject(error);
    });
  });
}
