import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@buildstate/core';
import { ValidationError } from '@buildstate/core/light';
import { interruptibleBody } from '../body/interruptible-body.ts';
import type { ByteSource } from './byte-source.ts';
import { sliceBytes } from './read-slices.ts';

/** A stream and what is known of it. */
export interface StreamInput {
  /** The bytes, in chunks of any size. */
  readonly stream: AsyncIterable<Uint8Array>;
  /** Size in bytes, when the caller knows it: the stream must then have exactly that many. */
  readonly sizeBytes?: number;
  /** The stream in words, for errors. */
  readonly name: string;
  /** Ends the reading early, also while the stream is silent. */
  readonly signal: AbortSignal;
  /** For the reading's timers. */
  readonly clock: Clock;
}

/** Copies chunks of any size into buffers of ours, so that tiny chunks never pile up and huge ones are cut. */
class StreamSource implements ByteSource {
  readonly name: string;
  readonly sizeBytes: number | undefined;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(input: StreamInput) {
    this.name = input.name;
    this.sizeBytes = input.sizeBytes;
    this.#chunks = interruptibleBody(input.stream, input);
  }

  async fill(buffer: Uint8Array, observe: (bytes: Uint8Array) => void): Promise<number> {
    let filled = 0;
    let observed = 0;
    while (filled < buffer.length && !(await this.atEnd())) {
      const room = Math.min(buffer.length - filled, observed + sliceBytes - filled);
      const piece = this.#rest.subarray(0, room);
      buffer.set(piece, filled);
      filled += piece.length;
      this.#rest = this.#rest.subarray(piece.length);
      if (filled - observed === sliceBytes) {
        observe(buffer.subarray(observed, filled));
        observed = filled;
        // A stream that always has bytes at hand would otherwise keep everything else from running.
        await setImmediate();
      }
    }
    if (filled > observed) observe(buffer.subarray(observed, filled));
    return filled;
  }

  async atEnd(): Promise<boolean> {
    while (this.#rest.length === 0 && !this.#ended) {
      const { done, value } = await this.#chunks.next();
      if (done) this.#ended = true;
      else this.#rest = this.#bytes(value);
    }
    return this.#ended;
  }

  async check(): Promise<void> {}

  async close(): Promise<void> {
    this.#rest = new Uint8Array(0);
    await this.#chunks.return?.();
  }

  #bytes(value: unknown): Uint8Array {
    if (value instanceof Uint8Array) return value;
    const message = 'must yield Uint8Arrays; is an encoding set on it?';
    throw new ValidationError(`${this.name} ${message}`, { problems: [{ path: 'source.stream', message }] });
  }
}

/** Reads a stream once. Its memory is one chunk of the stream. */
export function streamSource(input: StreamInput): ByteSource {
  return new StreamSource(input);
}
