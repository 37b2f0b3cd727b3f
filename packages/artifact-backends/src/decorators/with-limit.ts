import type { ArtifactBackend, Clock, ReadResult } from '@buildstate/core';
import { ConfigurationError } from '@buildstate/core/light';
import { systemClock } from '@buildstate/node-runtime';
import { closableBody, discardBody } from '@buildstate/transfer';
import { decorate } from './decorate.ts';

/** How much a backend may be asked for at once. */
export interface LimitOptions {
  /**
   * Calls under way at once; others wait in the order in which they came. A body that is being read is no call any
   * more: who reads from a backend while writing to it would wait for itself. @default no limit
   */
  readonly concurrency?: number;
  /** Bytes per second, sent and received together, over all calls and bodies. @default no limit */
  readonly bytesPerSecond?: number;
  /** Measures and waits. @default the system's */
  readonly clock?: Clock;
}

/** Lets so many in at once. */
class Gate {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /** Waits for a place. @throws the signal's reason */
  async enter(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const abandon = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal?.reason);
      };
      const enter = () => {
        signal?.removeEventListener('abort', abandon);
        resolve();
      };
      signal?.addEventListener('abort', abandon, { once: true });
      this.#waiting.push(enter);
    });
  }

  /** Gives a place back, to whoever has waited longest. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** Spreads bytes over time: each portion begins when the one before it is due to have passed. */
class Pace {
  readonly #bytesPerSecond: number;
  readonly #clock: Clock;
  #freeAt = Number.NEGATIVE_INFINITY;

  constructor(bytesPerSecond: number, clock: Clock) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
  }

  /** Waits until so many bytes may pass. @throws the signal's reason */
  async take(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    const now = this.#clock.monotonic();
    const begin = Math.max(now, this.#freeAt);
    this.#freeAt = begin + (bytes / this.#bytesPerSecond) * 1000;
    if (begin > now) await this.#clock.sleep(begin - now, signal);
  }
}

function paced(result: ReadResult, pace: Pace, signal: AbortSignal | undefined): ReadResult {
  const chunks = result.body[Symbol.asyncIterator]();
  const body = closableBody({
    async next() {
      const { done, value } = await chunks.next();
      if (done) return undefined;
      await pace.take(value.length, signal);
      return value;
    },
    close: () => discardBody({ [Symbol.asyncIterator]: () => chunks }),
  });
  return { info: result.info, body };
}

function checked(name: 'bytesPerSecond' | 'concurrency', value: number | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ok = value > 0 && (name === 'bytesPerSecond' || Number.isInteger(value));
  if (ok) return value;
  throw new ConfigurationError(
    `"${name}" must be ${name === 'concurrency' ? 'an integer ' : ''}above 0, not ${value}.`,
  );
}

/**
 * The same backend, but it makes only so many calls at once and moves only so many bytes per second. Put it around
 * deadlines, so that waiting here does not count as slowness of the store, and inside retries, so that each try counts.
 * @throws ConfigurationError for limits that are not above 0
 */
export function withLimit(backend: ArtifactBackend, options: LimitOptions = {}): ArtifactBackend {
  const { clock = systemClock } = options;
  const concurrency = checked('concurrency', options.concurrency);
  const bytesPerSecond = checked('bytesPerSecond', options.bytesPerSecond);
  const gate = concurrency === undefined ? undefined : new Gate(concurrency);
  const pace = bytesPerSecond === undefined ? undefined : new Pace(bytesPerSecond, clock);
  return decorate(backend, {
    async call({ bytes, signal, run }) {
      await gate?.enter(signal);
      try {
        if (bytes > 0) await pace?.take(bytes, signal);
        return await run();
      } finally {
        gate?.leave();
      }
    },
    ...(pace === undefined ? {} : { body: (result, _key, { signal }) => paced(result, pace, signal) }),
  });
}
