import type { Timestamp } from '../build/timestamp.ts';
import type { AttemptFacts, InBuild } from '../ports/searches.ts';
import { type BucketSize, bucketOf } from './buckets.ts';
import { countBy, groupBy } from './group-by.ts';
import { share } from './quantile.ts';
import { componentOfAttempt, type StateSeries, seriesOf } from './series.ts';

/** How often some attempts failed. */
export interface FailureCount {
  /** Failed attempts. */
  readonly failures: number;
  /** Completed ones. */
  readonly completions: number;
  /** Failed ones among both; `null` when there are neither. */
  readonly failureRate: number | null;
}

/** How often a state failed in a project, over time. */
export interface FailureTrend extends Omit<StateSeries, 'attempts'>, FailureCount {
  /** Its failures by category. */
  readonly categories: readonly { readonly category: string; readonly count: number }[];
  /** Its failures by component. */
  readonly components: readonly { readonly component: string; readonly count: number }[];
  /** The pieces of the period in which something failed or was completed, oldest first. */
  readonly buckets: readonly (FailureCount & { readonly start: Timestamp })[];
}

function countOf(attempts: readonly AttemptFacts[]): FailureCount {
  const failures = attempts.filter(({ status }) => status === 'failed').length;
  const completions = attempts.filter(({ status }) => status === 'completed').length;
  return { failures, completions, failureRate: share(failures, failures + completions) };
}

/** Failures by category and by component, most first. */
function failureKinds(attempts: readonly AttemptFacts[]): Pick<FailureTrend, 'categories' | 'components'> {
  const failed = attempts.filter(({ status }) => status === 'failed');
  return {
    categories: countBy(failed, ({ errorCategory }) => errorCategory ?? 'unknown').map(({ key, count }) => ({
      category: key,
      count,
    })),
    components: countBy(failed, componentOfAttempt).map(({ key, count }) => ({ component: key, count })),
  };
}

/** How often anything failed. */
export function failureTotals(
  attempts: readonly InBuild<AttemptFacts>[],
): FailureCount & Pick<FailureTrend, 'categories' | 'components'> {
  const records = attempts.map(({ record }) => record);
  return { ...countOf(records), ...failureKinds(records) };
}

/** How often states failed, by when their attempts were first reported. States that never failed are left out. */
export function failureTrends(attempts: readonly InBuild<AttemptFacts>[], size: BucketSize): FailureTrend[] {
  const decided = attempts.filter(({ record: { status } }) => status === 'failed' || status === 'completed');
  return seriesOf(decided)
    .filter(({ attempts: all }) => all.some(({ status }) => status === 'failed'))
    .map(({ attempts: all, ...series }) => ({
      ...series,
      ...countOf(all),
      ...failureKinds(all),
      buckets: [...groupBy(all, ({ createdAt }) => bucketOf(createdAt, size))]
        .map(([start, some]) => ({ start, ...countOf(some) }))
        .sort((a, b) => (a.start < b.start ? -1 : 1)),
    }));
}
