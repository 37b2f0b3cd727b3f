import type { Clock, Logger } from '@buildstate/core';
import { StorageError, silentLogger } from '@buildstate/core/light';
import { systemClock } from '@buildstate/node-runtime';

/** How failed calls are repeated. */
export interface RetryOptions {
  /** Tries in all, the first one included. @default 5 */
  readonly attempts?: number;
  /** Upper end of the first wait, in milliseconds; it doubles from try to try. @default 200 */
  readonly initialDelayMs?: number;
  /** Upper end of every wait, in milliseconds. @default 10000 */
  readonly maxDelayMs?: number;
  /** Milliseconds after which a call is not tried again, waits included. @default 120000 */
  readonly budgetMs?: number;
  /** Makes waits random between 0 and their upper end, so that many clients do not come back together. */
  readonly random?: () => number;
  /** Measures and waits. @default the system's */
  readonly clock?: Clock;
  /** Gets a `debug` line for every repetition. @default silent */
  readonly logger?: Logger;
}

/** Options with every default filled in. */
export type RetryPolicy = Required<RetryOptions>;

/** Fills in defaults. */
export function resolveRetry(options: RetryOptions): RetryPolicy {
  return {
    attempts: options.attempts ?? 5,
    initialDelayMs: options.initialDelayMs ?? 200,
    maxDelayMs: options.maxDelayMs ?? 10_000,
    budgetMs: options.budgetMs ?? 120_000,
    random: options.random ?? Math.random,
    clock: options.clock ?? systemClock,
    logger: options.logger ?? silentLogger,
  };
}

/** Whether a repetition can help. Only backends know, and they say it in their errors. */
export function isTransient(error: unknown): boolean {
  return error instanceof StorageError && error.persistence === 'transient';
}

/** Counts the tries of one piece of work and waits between them. */
export class RetryLoop {
  readonly #policy: RetryPolicy;
  readonly #what: string;
  readonly #startedAt: number;
  #failures = 0;

  constructor(policy: RetryPolicy, what: string) {
    this.#policy = policy;
    this.#what = what;
    this.#startedAt = policy.clock.monotonic();
  }

  /** How many tries have failed since the start or the last `progress`. */
  get failures(): number {
    return this.#failures;
  }

  /** Work that gets on is not punished for failures long ago. */
  progress(): void {
    this.#failures = 0;
  }

  /**
   * Waits before the next try, with full jitter.
   * @throws the error itself when it is permanent or tries or time are used up; the signal's reason
   */
  async afterFailure(error: unknown, signal: AbortSignal | undefined): Promise<void> {
    const { attempts, initialDelayMs, maxDelayMs, budgetMs, random, clock, logger } = this.#policy;
    signal?.throwIfAborted();
    this.#failures += 1;
    if (!isTransient(error) || this.#failures >= attempts) throw error;
    const delayMs = random() * Math.min(maxDelayMs, initialDelayMs * 2 ** (this.#failures - 1));
    if (clock.monotonic() - this.#startedAt + delayMs > budgetMs) throw error;
    logger.debug(
      { attempt: this.#failures, delay_ms: Math.round(delayMs), err: error },
      `${this.#what} again`,
    );
    await clock.sleep(delayMs, signal);
  }
}
