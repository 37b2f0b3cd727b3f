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

function size(bytes: number): string {
  const mebibytes = bytes / 1_048_576;
  return Number.isInteger(mebibytes) ? `${mebibytes} MiB (${bytes} bytes)` : `${bytes} bytes`;
}

function tooLarge(bytes: number): LimitError {
  return new LimitError(`The body is larger than ${size(bytes)}, the limit here. Nothing was changed.`, {
    context: { limit_bytes: bytes },
  });
}

/**
 * Reads a request's body into memory. What is left of it after a failure is not read; `lingering` sees to it.
 * @throws LimitError as soon as the body is known to be too large
 * @throws HttpError `request_timeout` when it does not arrive in time, `malformed` when the client goes away
 */
export function collectBody(message: IncomingMessage, bounds: BodyBounds, watch: BodyWatch): Promise<Buffer> {
  const announced = Number(message.headers['content-length'] ?? 0);
  if (announced > bounds.bytes) return Promise.reject(tooLarge(bounds.bytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    const hardStop = performance.now() + bounds.totalMs;

    function settle(): void {
      watch.done(message);
      message.off('data', take).off('end', finish).off('close', vanish).off('error', vanish);
    }
    function fail(error: Error): void {
      settle();
      reject(error);
    }
    function take(chunk: Buffer): void {
      received += chunk.length;
      if (received > bounds.bytes) {
        fail(tooLarge(bounds.bytes));
        return;
      }
      if (bounds.into === undefined) chunks.push(chunk);
      else chunk.copy(bounds.into, received - chunk.length);
      if (bounds.stallMs !== undefined) {
        watch.extend(message, Math.min(bounds.stallMs, hardStop - performance.now()));
      }
    }
    function finish(): void {
      settle();
      const [only] = chunks;
      if (bounds.into !== undefined) resolve(bounds.into.subarray(0, received));
      else resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, received));
    }
    function vanish(): void {
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
  });
}
