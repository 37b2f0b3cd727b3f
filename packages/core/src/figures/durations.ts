import type { Timestamp } from '../build/timestamp.ts';
import type { AttemptFacts, InBuild } from '../ports/searches.ts';
import { type BucketSize, bucketOf } from './buckets.ts';
import { groupBy } from './group-by.ts';
import { quantile, rounded } from './quantile.ts';
import { type StateSeries, seriesOf } from './series.ts';

/** How long some attempts took, in seconds. */
export interface Spread {
  /** How many attempts. */
  readonly count: number;
  /** Half of them took at most this. */
  readonly medianSeconds: number | null;
  /** Nine of ten took at most this. */
  readonly p90Seconds: number | null;
  /** The quickest. */
  readonly minSeconds: number | null;
  /** The slowest. */
  readonly maxSeconds: number | null;
}

/** How long a state took in a project, over time. */
export interface DurationTrend extends Omit<StateSeries, 'attempts'>, Spread {
  /** The pieces of the period in which there were such attempts, oldest first. */
  readonly buckets: readonly (Spread & { readonly start: Timestamp })[];
}

/** Whether an attempt says how long its state takes: completed, with a start that somebody saw. */
export function isMeasured<T extends Pick<AttemptFacts, 'status' | 'startInferred' | 'durationSeconds'>>(
  attempt: T,
): attempt is T & { readonly durationSeconds: number } {
  return attempt.status === 'completed' && !attempt.startInferred && attempt.durationSeconds !== null;
}

function spreadOf(attempts: readonly AttemptFacts[]): Spread {
  const seconds = attempts.map(({ durationSeconds }) => durationSeconds ?? 0);
  return {
    count: seconds.length,
    medianSeconds: quantile(seconds, 0.5),
    p90Seconds: quantile(seconds, 0.9),
    minSeconds: seconds.length === 0 ? null : rounded(seconds.reduce((a, b) => Math.min(a, b))),
    maxSeconds: seconds.length === 0 ? null : rounded(seconds.reduce((a, b) => Math.max(a, b))),
  };
}

/** How long states took, from their measured attempts, by when these were first reported. */
export function durationTrends(
  attempts: readonly InBuild<AttemptFacts>[],
  size: BucketSize,
): DurationTrend[] {
  return seriesOf(attempts.filter(({ record }) => isMeasured(record))).map(
    ({ attempts: all, ...series }) => ({
      ...series,
      ...spreadOf(all),
      buckets: [...groupBy(all, ({ createdAt }) => bucketOf(createdAt, size))]
        .map(([start, some]) => ({ start, ...spreadOf(some) }))
        .sort((a, b) => (a.start < b.start ? -1 : 1)),
    }),
  );
}
