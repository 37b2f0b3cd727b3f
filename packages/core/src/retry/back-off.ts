import type { RetryPolicy } from './policy.ts';

/** The part of a policy that says how long to wait. */
export type Delays = Pick<RetryPolicy, 'initialDelaySeconds' | 'maxDelaySeconds' | 'multiplier' | 'jitter'>;

/**
 * Seconds to wait after the `failures`-th failure (1 = the first).
 * @param random a number from 0 (inclusive) to 1 (exclusive), used with full jitter only
 */
export function delaySeconds(policy: Delays, failures: number, random: number): number {
  // A power that overflows is the longest delay; times nothing it would be no number at all.
  const factor = Math.min(Number.MAX_VALUE, policy.multiplier ** Math.max(0, failures - 1));
  const capped = Math.min(policy.maxDelaySeconds, policy.initialDelaySeconds * factor);
  return policy.jitter === 'full' ? Math.round(capped * random * 1000) / 1000 : capped;
}
