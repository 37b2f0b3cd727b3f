import { stateName } from '../build/catalogue.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import { lastState } from '../build/state-code.ts';
import { type Timestamp, timestamp } from '../build/timestamp.ts';
import { quantile, rounded } from '../figures/quantile.ts';
import { seenAt } from '../lease/expiry.ts';
import { type DurationSamples, enoughSamples, type Samples } from './duration-samples.ts';

/**
 * What an estimate rests on. `measured`: attempts of the project; `expected`: `expected_duration_seconds` of its
 * catalogue; `mixed`: some states the one, some the other.
 */
export const etaBases = ['measured', 'expected', 'mixed'] as const;
/** What an estimate rests on. */
export type EtaBasis = (typeof etaBases)[number];

/** What one state that is still to come will take. */
export interface StateEta {
  /** State code. */
  readonly state: number;
  /** Its name. */
  readonly stateName: string;
  /** What it rests on; `null`: nothing is known, and the numbers are `null` too. */
  readonly basis: 'measured' | 'expected' | null;
  /** Attempts that it rests on. */
  readonly samples: number;
  /** Seconds since its attempt began, of the one that is open. */
  readonly elapsedSeconds: number | null;
  /** Seconds left, by the median. */
  readonly p50Seconds: number | null;
  /** Seconds left, by the 90th percentile. */
  readonly p90Seconds: number | null;
}

/** What is left of a build. */
export interface Eta {
  /** What it rests on. */
  readonly basis: EtaBasis;
  /** Seconds left: the sum of the states' medians. */
  readonly p50Seconds: number;
  /** Seconds left if everything is slow: the sum of the states' 90th percentiles. */
  readonly p90Seconds: number;
  /** When it is done by the medians; `null` while it stands still or when something is unknown. */
  readonly finishAt: Timestamp | null;
  /** When it is done if everything is slow. */
  readonly latestFinishAt: Timestamp | null;
  /** Codes of states to come of which nothing is known, so that the sums leave them out. */
  readonly unknownStates: readonly number[];
  /** Every state to come, ascending. */
  readonly states: readonly StateEta[];
}

/** The codes after the last completed one that count as done all the same, or that are still to come. */
function statesToCome(snapshot: BuildSnapshot, samples: DurationSamples): number[] {
  const { build, states, project, openAttempt } = snapshot;
  const done = build.lastSuccessfulState;
  const begun = done > 0 || states[0]?.outcome != null;
  const known = project.stateCodes.filter(({ deprecatedAt }) => deprecatedAt === null);
  const usual = usualStates(samples);
  const codes = new Set([
    ...known
      .filter((entry) => entry.expectedDurationSeconds !== null && mayRun(entry.stateCode, usual))
      .map(({ stateCode }) => stateCode),
    ...usual,
    ...(openAttempt === null ? [] : [openAttempt.state]),
    ...(build.failedState === null ? [] : [build.failedState]),
  ]);
  const end = build.branchUntil ?? lastState;
  return [...codes]
    .filter((code) => (code > done || (code === 0 && !begun)) && code <= end)
    .sort((a, b) => a - b);
}

/** Whether a state of the catalogue counts, of which perhaps nobody has seen an attempt. */
function mayRun(state: number, usual: ReadonlySet<number>): boolean {
  return usual.has(state) || ![...usual].some((code) => code >= state);
}

/**
 * The states that builds of the project pass through: those that were measured at least half as often as any state at
 * or after them. A state that only one build in ten had is no part of the next one.
 */
function usualStates(samples: DurationSamples): ReadonlySet<number> {
  const usual = new Set<number>();
  let most = 0;
  for (const [state, { length }] of [...samples].sort(([a], [b]) => b - a)) {
    most = Math.max(most, length);
    if (length * 2 >= most) usual.add(state);
  }
  return usual;
}

/** What is left of a state that has run for some time, as those attempts went that took longer. */
function measured(samples: Samples, elapsed: number) {
  const left = samples.filter((seconds) => seconds > elapsed).map((seconds) => seconds - elapsed);
  return { p50Seconds: quantile(left, 0.5) ?? 0, p90Seconds: quantile(left, 0.9) ?? 0 };
}

function estimateState(
  { project }: BuildSnapshot,
  state: number,
  samples: Samples,
  elapsedSeconds: number | null,
): StateEta {
  const known = { state, stateName: stateName(project.stateCodes, state), elapsedSeconds };
  const elapsed = elapsedSeconds ?? 0;
  if (samples.length >= enoughSamples)
    return { ...known, basis: 'measured', samples: samples.length, ...measured(samples, elapsed) };
  const expected = project.stateCodes.find(({ stateCode }) => stateCode === state)?.expectedDurationSeconds;
  if (expected == null) {
    return { ...known, basis: null, samples: samples.length, p50Seconds: null, p90Seconds: null };
  }
  const left = rounded(Math.max(0, expected - elapsed));
  return { ...known, basis: 'expected', samples: samples.length, p50Seconds: left, p90Seconds: left };
}

/** When work on the build goes on, in milliseconds; `undefined` when nobody and nothing is going to. */
function goesOnAt({ build }: BuildSnapshot, now: number): number | undefined {
  if (build.status !== 'failed') return now;
  return build.nextRetryAt === null ? undefined : Math.max(now, Date.parse(build.nextRetryAt));
}

function basisOf(states: readonly StateEta[]): EtaBasis | undefined {
  const [first, ...others] = new Set(states.flatMap(({ basis }) => basis ?? []));
  return others.length > 0 ? 'mixed' : first;
}

function sum(numbers: readonly (number | null)[]): number {
  return rounded(numbers.reduce<number>((total, seconds) => total + (seconds ?? 0), 0));
}

/**
 * What is left of a build; `null` of one that is over, or of which nothing is known.
 * @param now when it is looked at, in milliseconds since the epoch
 */
export function estimateBuild(snapshot: BuildSnapshot, samples: DurationSamples, now: number): Eta | null {
  const { build, openAttempt, lease } = snapshot;
  if (build.status === 'completed' || build.status === 'cancelled') return null;
  const open = openAttempt === null ? null : seenAt(openAttempt, lease, timestamp(now));
  const elapsed = (state: number) =>
    open?.status === 'in_progress' && open.state === state && open.startTime !== null
      ? rounded(Math.max(0, now - Date.parse(open.startTime)) / 1000)
      : null;
  const states = statesToCome(snapshot, samples).map((state) =>
    estimateState(snapshot, state, samples.get(state) ?? [], elapsed(state)),
  );
  const basis = basisOf(states);
  if (basis === undefined) return null;
  const p50Seconds = sum(states.map((state) => state.p50Seconds));
  const p90Seconds = sum(states.map((state) => state.p90Seconds));
  const unknownStates = states.filter((state) => state.basis === null).map(({ state }) => state);
  const from = unknownStates.length > 0 ? undefined : goesOnAt(snapshot, now);
  const after = (seconds: number) => (from === undefined ? null : timestamp(from + seconds * 1000));
  return {
    basis,
    p50Seconds,
    p90Seconds,
    finishAt: after(p50Seconds),
    latestFinishAt: after(p90Seconds),
    unknownStates,
    states,
  };
}
