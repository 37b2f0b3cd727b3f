import type { Clock } from '@buildstate/core';
import { TimeoutError } from '@buildstate/core/light';

/** When reading a body is given up. */
export interface Interruption {
  /** Ends the body early with its reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte after which the body has stalled. @default no limit */
  readonly idleMs?: number;
  /** Measures `idleMs`. */
  readonly clock: Clock;
  /** Makes the error for a body that stalled. @default a TimeoutError */
  readonly stalled?: (idleMs: number) => Error;
}

const timeout = (idleMs: number) =>
  new TimeoutError(`No byte has arrived for ${idleMs / 1000} s.`, { context: { idle_ms: idleMs } });

/**
 * Watches over the reading of one body. Only one timer runs, and only one listener is added to the signal,
 * however many chunks there are: racing each chunk against a shared promise would keep a reaction per chunk.
 */
class InterruptibleIterator implements AsyncIterableIterator<Uint8Array> {
  readonly #inner: AsyncIterator<Uint8Array>;
  readonly #how: Interruption;
  readonly #over = new AbortController();
  readonly #onAbort = () => this.#fail(this.#how.signal?.reason);
  #waitingSince: number | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  #failure: { readonly reason: unknown } | undefined;
  #watching = false;

  constructor(body: AsyncIterable<Uint8Array>, how: Interruption) {
    this.#inner = body[Symbol.asyncIterator]();
    this.#how = how;
    if (how.signal?.aborted) this.#fail(how.signal.reason);
    else how.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.reason);
    this.#watch();
    this.#waitingSince = this.#how.clock.monotonic();
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#inner.next().then(
        (result) => {
          this.#waitingSince = undefined;
          if (result.done) this.#end();
          resolve(result);
        },
        (error: unknown) => {
          this.#end();
          reject(error);
        },
      );
    });
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#end();
    if (this.#failure === undefined) await this.#inner.return?.();
    return { done: true, value: undefined };
  }

  #end(): void {
    this.#waitingSince = undefined;
    this.#over.abort();
    this.#how.signal?.removeEventListener('abort', this.#onAbort);
  }

  #fail(reason: unknown): void {
    this.#failure = { reason };
    this.#reject?.(reason);
    this.#end();
    // Not awaited: a body that stalls may never settle this. Its own complaint would only hide the reason.
    this.#inner.return?.().catch(() => undefined);
  }

  #watch(): void {
    const { idleMs } = this.#how;
    if (idleMs === undefined || this.#watching) return;
    this.#watching = true;
    this.#guard(idleMs).catch((error: unknown) => {
      if (!this.#over.signal.aborted) this.#fail(error);
    });
  }

  async #guard(idleMs: number): Promise<void> {
    const { clock } = this.#how;
    while (!this.#over.signal.aborted) {
      const waited = this.#waitingSince === undefined ? 0 : clock.monotonic() - this.#waitingSince;
      if (waited >= idleMs) return this.#fail((this.#how.stalled ?? timeout)(idleMs));
      await clock.sleep(idleMs - waited, this.#over.signal);
    }
  }
}

/**
 * The same bytes, but reading ends soon after the signal aborts or when no byte arrives for too long, also
 * while the inner body does not answer at all. The inner body is then given up.
 * @throws from the iterator: the signal's reason, or the error of a stalled body
 */
export function interruptibleBody(
  body: AsyncIterable<Uint8Array>,
  how: Interruption,
): AsyncIterableIterator<Uint8Array> {
  return new InterruptibleIterator(body, how);
}
