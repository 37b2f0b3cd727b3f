import type { BuildStateError, Clock } from '@buildstate/core';
import type { ResolvedLimits } from './limits.ts';

/** What one try came to. */
export type TryOutcome<Result> =
  | { readonly result: Result }
  | {
      /** What to throw when it is not tried again. */
      readonly error: BuildStateError;
      /** Whether another try can help. */
      readonly transient: boolean;
      /** Milliseconds that the server asked to be left alone. */
      readonly pauseMs?: number;
    };

/** What the loop needs besides the limits. */
export interface RetryContext {
  /** Measures time and pauses. */
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Ends a pause early. */
  readonly signal?: AbortSignal;
  /** Whether sending the request twice has one effect. */
  readonly repeatable: boolean;
}

/** Longest pauses before the second, third, … try, in milliseconds, before jitter. */
const firstPauseMs = 1000;
const growth = 3;

/**
 * Full jitter, so that the clients of a server that was away do not come back all at once. What the server asks
 * for is honoured, up to the limit.
 */
function pauseBefore(
  tryNumber: number,
  asked: number | undefined,
  limits: ResolvedLimits,
  random: () => number,
) {
  const ownMs = random() * firstPauseMs * growth ** (tryNumber - 2);
  return Math.min(asked ?? ownMs, limits.maxPauseMs);
}

/**
 * The one place in the client that repeats. Tries until there is a result, an error that no repetition can help,
 * or no try or time left. A try gets what is left of the total time, at most its own limit.
 * @throws the last try's error, or the signal's reason
 */
export async function withRetries<Result>(
  limits: ResolvedLimits,
  context: RetryContext,
  tryOnce: (number: number, limitMs: number) => Promise<TryOutcome<Result>>,
): Promise<Result> {
  const { clock, repeatable, signal } = context;
  const deadline = clock.monotonic() + limits.totalMs;
  for (let number = 1; ; number++) {
    const left = deadline - clock.monotonic();
    const outcome = await tryOnce(number, Math.min(limits.tryMs, left));
    if ('result' in outcome) return outcome.result;
    if (!outcome.transient || !repeatable || number >= limits.tries) throw outcome.error;
    const pause = pauseBefore(number + 1, outcome.pauseMs, limits, context.random);
    if (clock.monotonic() + pause >= deadline) throw outcome.error;
    await clock.sleep(pause, signal);
  }
}
