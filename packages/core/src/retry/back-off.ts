import type { RetryPolicy } from './policy.ts';

/**
 * Seconds to wait after the `failures`-th failure (1 = the first).
 * @param random a number from 0 (inclusive) to 1 (exclusive), used with full jitter only
 */
export function delaySeconds(policy: RetryPolicy, failures: number, random: number): number {
  const grown = policy.initialDelaySeconds * policy.multiplier ** Math.max(0, failures - 1);
  const capped = Math.min(policy.maxDelaySeconds, grown);
  return policy.jitter === 'full' ? Math.round(capped * random * 1000) / 1000 : capped;
}
