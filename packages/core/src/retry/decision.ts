import { type Timestamp, timestamp } from '../build/timestamp.ts';
import { delaySeconds } from './back-off.ts';
import type { FailureCategory } from './category.ts';
import type { RetryPolicy } from './policy.ts';

/** What should happen after a failure. */
export interface RetryDecision {
  /** Whether the state is tried again by itself. */
  readonly retry: boolean;
  /** Name of the policy. */
  readonly strategy: string;
  /** How many tries have failed since the last completion, manual retry or rollback. */
  readonly attempt: number;
  /** Tries in all. */
  readonly maxAttempts: number;
  /** Seconds until the next try; 0 when there is none. */
  readonly delaySeconds: number;
  /** When the next try is due. */
  readonly retryAt: Timestamp | null;
  /** What kind of failure it was. */
  readonly category: FailureCategory;
  /** Whether a person is told. */
  readonly notify: boolean;
  /** Why, as a sentence. */
  readonly reason: string;
}

/** The facts that a retry decision rests on. */
export interface FailureFacts {
  /** Failed tries since the last reset, this one included. */
  readonly failures: number;
  /** What kind of failure it was. */
  readonly category: FailureCategory;
  /** When it failed, in milliseconds since the epoch. */
  readonly now: number;
  /** From 0 (inclusive) to 1 (exclusive), for jitter. */
  readonly random: number;
}

/** Decides whether and when a failed state is tried again by itself. */
export function decideRetry(policy: RetryPolicy, facts: FailureFacts): RetryDecision {
  const allowed = policy.retryOn.includes(facts.category);
  const exhausted = facts.failures >= policy.maxAttempts;
  const retry = allowed && !exhausted;
  const delay = retry ? delaySeconds(policy, facts.failures, facts.random) : 0;
  return {
    retry,
    strategy: policy.strategy,
    attempt: facts.failures,
    maxAttempts: policy.maxAttempts,
    delaySeconds: delay,
    retryAt: retry ? timestamp(facts.now + delay * 1000) : null,
    category: facts.category,
    notify: policy.notifyOn === 'failure' || (policy.notifyOn === 'exhausted' && !retry),
    reason: reasonOf(policy, facts, allowed, exhausted, delay),
  };
}

function reasonOf(
  policy: RetryPolicy,
  { failures, category }: FailureFacts,
  allowed: boolean,
  exhausted: boolean,
  delay: number,
): string {
  if (!allowed) {
    return policy.retryOn.length === 0
      ? `The policy "${policy.strategy}" leaves retries to people.`
      : `A ${category} failure is not retried by itself; mend the cause, then retry.`;
  }
  if (exhausted) return `All ${policy.maxAttempts} tries of the policy "${policy.strategy}" are used up.`;
  return `Try ${failures + 1} of ${policy.maxAttempts} follows in ${delay} s (${category} failure, policy "${policy.strategy}").`;
}
