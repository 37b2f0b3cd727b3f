import type { FailureCategory } from './category.ts';

/** When a person is told of a failure. */
export const notifyMoments = ['failure', 'exhausted', 'never'] as const;
/** When a person is told of a failure. */
export type NotifyMoment = (typeof notifyMoments)[number];

/** How often, and how far apart, a failed state is tried again. Policies are data. */
export interface RetryPolicy {
  /** A name for people and for `retry_decision.strategy`: a preset's, or `custom`. */
  readonly strategy: string;
  /** Tries in all, the first one included. At least 1. */
  readonly maxAttempts: number;
  /** Seconds before the second try. */
  readonly initialDelaySeconds: number;
  /** Longest delay in seconds. */
  readonly maxDelaySeconds: number;
  /** By what each delay exceeds the one before. At least 1. */
  readonly multiplier: number;
  /** `full`: a random part of the delay, so that many builds do not come back at once. */
  readonly jitter: 'none' | 'full';
  /** Categories that are tried again by themselves. */
  readonly retryOn: readonly FailureCategory[];
  /** When a person is told. */
  readonly notifyOn: NotifyMoment;
}

const common = {
  jitter: 'none',
  retryOn: ['transient', 'unknown'],
  notifyOn: 'exhausted',
} as const satisfies Partial<RetryPolicy>;

/** Named policies, for configurations that only want to say which. */
export const presets = {
  /** For work that needs the outside world to recover: few tries, far apart, doubling. */
  backoff: {
    ...common,
    strategy: 'backoff',
    maxAttempts: 3,
    initialDelaySeconds: 300,
    maxDelaySeconds: 1800,
    multiplier: 2,
  },
  /** For work that fails on passing hiccups: more tries, a minute apart. */
  immediate: {
    ...common,
    strategy: 'immediate',
    maxAttempts: 5,
    initialDelaySeconds: 60,
    maxDelaySeconds: 60,
    multiplier: 1,
  },
  /** For work whose failures somebody should look at: an hour apart, and every failure is told. */
  notify: {
    ...common,
    strategy: 'notify',
    maxAttempts: 3,
    initialDelaySeconds: 3600,
    maxDelaySeconds: 3600,
    multiplier: 1,
    notifyOn: 'failure',
  },
  /** For everything else. */
  standard: {
    ...common,
    strategy: 'standard',
    maxAttempts: 3,
    initialDelaySeconds: 30,
    maxDelaySeconds: 600,
    multiplier: 2,
  },
  /** Never by itself. */
  manual: {
    ...common,
    strategy: 'manual',
    maxAttempts: 1,
    initialDelaySeconds: 0,
    maxDelaySeconds: 0,
    multiplier: 1,
    retryOn: [],
    notifyOn: 'failure',
  },
} as const satisfies Record<string, RetryPolicy>;

/** The name of a preset. */
export type PresetName = keyof typeof presets;

/** Built-in policies of single states; every other state has `standard`. */
const builtIn: Readonly<Record<number, RetryPolicy>> = {
  5: presets.backoff,
  10: presets.immediate,
  70: presets.notify,
};

/** A project's policies, as far as the look-up needs them. */
export interface PolicySource {
  /** By state; `null` is the project's default. */
  readonly retryPolicies: readonly { readonly stateCode: number | null; readonly policy: RetryPolicy }[];
}

/** The policy of a state: the state's own, else the project's default, else the built-in one. */
export function policyOf(project: PolicySource, state: number): RetryPolicy {
  const own = project.retryPolicies.find(({ stateCode }) => stateCode === state);
  const fallback = project.retryPolicies.find(({ stateCode }) => stateCode === null);
  return own?.policy ?? fallback?.policy ?? builtIn[state] ?? presets.standard;
}
