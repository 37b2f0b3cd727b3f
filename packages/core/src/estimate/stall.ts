import type { BuildSnapshot } from '../build/snapshot.ts';
import { type Timestamp, timestamp } from '../build/timestamp.ts';
import { quantile, rounded } from '../figures/quantile.ts';
import { type DurationSamples, enoughSamples } from './duration-samples.ts';

/**
 * Why an attempt counts as stalled. `slow`: it takes longer than the larger of three times the 90th percentile and the
 * expected duration. `silent`: the lease under which it was begun has expired.
 */
export const stallReasons = ['slow', 'silent'] as const;
/** Why an attempt counts as stalled. */
export type StallReason = (typeof stallReasons)[number];

/** An open attempt that should be over. */
export interface Stall {
  /** The attempt. */
  readonly attemptId: string;
  /** Its state. */
  readonly state: number;
  /** Why. */
  readonly reason: StallReason;
  /** Since when: the moment at which the limit was reached or the lease expired. */
  readonly since: Timestamp;
  /** Seconds since the attempt began; `null` when nobody said when it did. */
  readonly elapsedSeconds: number | null;
  /** What it may take, in seconds; `null` of a silent one whose state has no limit. */
  readonly limitSeconds: number | null;
}

/** How many times the 90th percentile an attempt may take. */
const patience = 3;

/** What an attempt of a state may take, in seconds; `null` when nothing is known of the state. */
export function limitOf({ project }: BuildSnapshot, samples: DurationSamples, state: number): number | null {
  const known = samples.get(state) ?? [];
  const p90 = known.length < enoughSamples ? null : quantile(known, 0.9);
  const expected = project.stateCodes.find(({ stateCode }) => stateCode === state)?.expectedDurationSeconds;
  if (p90 === null && expected == null) return null;
  return rounded(Math.max(patience * (p90 ?? 0), expected ?? 0));
}

/**
 * The open attempt of a build, if it is stalled.
 * @param now when it is looked at, in milliseconds since the epoch
 */
export function findStall(snapshot: BuildSnapshot, samples: DurationSamples, now: number): Stall | null {
  const { openAttempt, lease } = snapshot;
  if (openAttempt === null) return null;
  const { id: attemptId, state, startTime, leaseToken } = openAttempt;
  const limitSeconds = limitOf(snapshot, samples, state);
  const begun = startTime === null ? null : Date.parse(startTime);
  const elapsedSeconds = begun === null ? null : rounded(Math.max(0, now - begun) / 1000);
  const facts = { attemptId, state, elapsedSeconds, limitSeconds };
  const endedAt = lease?.releasedAt ?? lease?.expiresAt;
  if (leaseToken !== null && endedAt !== undefined && endedAt <= timestamp(now))
    return { ...facts, reason: 'silent', since: endedAt };
  if (begun === null || elapsedSeconds === null || limitSeconds === null || elapsedSeconds <= limitSeconds)
    return null;
  return { ...facts, reason: 'slow', since: timestamp(begun + limitSeconds * 1000) };
}

/**
 * When the open attempt of a build may come to be stalled unless something changes, in milliseconds since the epoch;
 * `undefined`: not by time alone, as far as is known now.
 */
export function mayStallAt(snapshot: BuildSnapshot, samples: DurationSamples): number | undefined {
  const { openAttempt, lease } = snapshot;
  if (openAttempt === null) return undefined;
  const limit = limitOf(snapshot, samples, openAttempt.state);
  const slowAt =
    openAttempt.startTime === null || limit === null
      ? undefined
      : Date.parse(openAttempt.startTime) + limit * 1000;
  const silentAt =
    openAttempt.leaseToken === null || lease === null ? undefined : Date.parse(lease.expiresAt);
  const moments = [slowAt, silentAt].filter((moment) => moment !== undefined);
  return moments.length === 0 ? undefined : Math.min(...moments);
}
