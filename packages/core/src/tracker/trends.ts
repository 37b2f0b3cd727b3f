import { stateName } from '../build/catalogue.ts';
import type { AttemptStatus } from '../build/status.ts';
import { type BucketSize, bucketSizeFor } from '../figures/buckets.ts';
import { durationTrends, isMeasured } from '../figures/durations.ts';
import { failureTotals, failureTrends } from '../figures/failures.ts';
import { type Period, parsePeriod, periodBefore } from '../figures/period.ts';
import { componentOfAttempt } from '../figures/series.ts';
import type { AttemptFacts, InBuild } from '../ports/searches.ts';
import type { CheckedInput } from '../wire/contract.ts';
import { cataloguesOf } from './build-views.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { readNewest } from './read-newest.ts';
import { scopeOfSearch } from './scope-of-search.ts';
import type { CallContext } from './tracker.ts';

type Names = 'getDurationTrends' | 'getFailureTrends';
type Question = CheckedInput<'getDurationTrends'>['query'];

/** Most attempts that are read for one answer. */
const mostAttempts = 100_000;

interface Asked {
  readonly period: Period;
  readonly bucket: BucketSize;
  readonly attempts: readonly InBuild<AttemptFacts>[];
  readonly truncated: boolean;
}

/** The attempts that a question is about. */
async function attemptsOf(
  engine: Engine,
  query: Question,
  statuses: readonly AttemptStatus[],
  context: CallContext,
): Promise<Asked> {
  const text = query.period ?? '30d';
  const period = periodBefore(text, engine.now());
  const scope = await scopeOfSearch(engine, query, context);
  const { since } = period;
  const { items, truncated } = await readNewest(
    (page) => engine.parts.store.searchAttempts({ ...page, ...scope, state: query.state, statuses, since }),
    mostAttempts,
  );
  const { component } = query;
  return {
    period,
    bucket: query.bucket ?? bucketSizeFor(parsePeriod(text)),
    attempts: items.filter(
      ({ record }) => component === undefined || componentOfAttempt(record) === component,
    ),
    truncated,
  };
}

/** The series with the names of their states. */
async function named<T extends { readonly projectId: string; readonly state: number }>(
  engine: Engine,
  series: readonly T[],
) {
  const catalogues = await cataloguesOf(
    engine,
    series.map(({ projectId }) => projectId),
  );
  return series.map((one) => ({
    ...one,
    stateName: stateName(catalogues.get(one.projectId) ?? [], one.state),
  }));
}

/** How states do over time. */
export function trendHandlers(engine: Engine): Handlers<Names> {
  return {
    async getDurationTrends({ query }, context) {
      const { period, bucket, attempts, truncated } = await attemptsOf(engine, query, ['completed'], context);
      const measured = attempts.filter(({ record }) => isMeasured(record));
      const states = await named(engine, durationTrends(measured, bucket));
      return { body: { ...period, bucket, states, truncated } };
    },
    async getFailureTrends({ query }, context) {
      const asked = await attemptsOf(engine, query, ['failed', 'completed'], context);
      const { period, bucket, attempts, truncated } = asked;
      const states = await named(engine, failureTrends(attempts, bucket));
      return { body: { ...period, bucket, ...failureTotals(attempts), states, truncated } };
    },
  };
}
