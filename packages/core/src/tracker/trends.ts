import { stateName } from '../build/catalogue.ts';
import type { AttemptStatus } from '../build/status.ts';
import type { Timestamp } from '../build/timestamp.ts';
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
  readonly buildsTrimmed: number;
}

/**
 * Builds that may have attempts in a period which nobody can count any more, because their history was trimmed. Builds
 * that ended before it have none.
 */
async function trimmedSince(
  { parts: { store } }: Engine,
  {
    projectId,
    platformId,
  }: { readonly projectId?: string | undefined; readonly platformId?: string | undefined },
  endedSince: Timestamp,
): Promise<number> {
  const tallies = await store.tallyBuilds({ by: ['history'], projectId, platformId, endedSince });
  return tallies.reduce((sum, { history, count }) => (history === 'full' ? sum : sum + count), 0);
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
  const [{ items, truncated }, buildsTrimmed] = await Promise.all([
    readNewest(
      (page) => engine.parts.store.searchAttempts({ ...page, ...scope, state: query.state, statuses, since }),
      mostAttempts,
    ),
    trimmedSince(engine, scope, since),
  ]);
  const { component } = query;
  return {
    period,
    bucket: query.bucket ?? bucketSizeFor(parsePeriod(text)),
    attempts: items.filter(
      ({ record }) => component === undefined || componentOfAttempt(record) === component,
    ),
    truncated,
    buildsTrimmed,
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
      const asked = await attemptsOf(engine, query, ['completed'], context);
      const { period, bucket, attempts, truncated, buildsTrimmed } = asked;
      const measured = attempts.filter(({ record }) => isMeasured(record));
      const states = await named(engine, durationTrends(measured, bucket));
      return { body: { ...period, bucket, states, truncated, buildsTrimmed } };
    },
    async getFailureTrends({ query }, context) {
      const asked = await attemptsOf(engine, query, ['failed', 'completed'], context);
      const { period, bucket, attempts, truncated, buildsTrimmed } = asked;
      const states = await named(engine, failureTrends(attempts, bucket));
      return { body: { ...period, bucket, ...failureTotals(attempts), states, truncated, buildsTrimmed } };
    },
  };
}
