import type { ModelReport } from './command.ts';

interface Policy {
  readonly tries: number;
  readonly first: number;
  readonly factor: number;
  readonly longest: number;
}

/** The built-in policies, as the domain lists them; times in seconds. */
const policies: Readonly<Record<number, Policy>> = {
  5: { tries: 3, first: 300, factor: 2, longest: 1800 },
  10: { tries: 5, first: 60, factor: 1, longest: 60 },
  70: { tries: 3, first: 3600, factor: 1, longest: 3600 },
};
const standard: Policy = { tries: 3, first: 30, factor: 2, longest: 600 };

/** What a failure's answer says of the next try. */
export interface ModelDecision {
  readonly retry: boolean;
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Seconds until the next try; `null` where there is none. */
  readonly delay: number | null;
}

/** @param failures how often the state failed since it was last done, cleared or rolled back, this time included */
export function retryDecision({ state, retryable }: ModelReport, failures: number): ModelDecision {
  const { tries, first, factor, longest } = policies[state] ?? standard;
  const retry = retryable && failures < tries;
  const delay = retry ? Math.min(longest, first * factor ** (failures - 1)) : null;
  return { retry, attempt: failures, maxAttempts: tries, delay };
}
