import type { Attempt } from '../build/attempt.ts';
import { decideDelete } from '../build/decide-delete.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import type { AttemptStatus } from '../build/status.ts';
import { timestamp } from '../build/timestamp.ts';
import { seenAt } from '../lease/expiry.ts';
import { given } from '../text/given.ts';
import { redactFields } from '../text/redact.ts';
import { toWire } from '../wire/casing.ts';
import { detailsOf } from './build-details.ts';
import { buildViews } from './build-views.ts';
import { createBuild } from './create-build.ts';
import type { Engine } from './engine.ts';
import { failureStatuses, failureView } from './failures.ts';
import { everything, type Handlers, pageOf } from './handler.ts';
import { listNeedingAttention } from './needing-attention.ts';
import { lookAhead, withOutlooks } from './outlook.ts';
import { redactorOf, withSecrets } from './redaction.ts';
import { scopeOfSearch } from './scope-of-search.ts';
import { attemptView } from './views.ts';

type Names =
  | 'createBuild'
  | 'listBuilds'
  | 'getBuild'
  | 'updateBuild'
  | 'deleteBuild'
  | 'getBuildState'
  | 'listAttempts'
  | 'listFailures';

/** An attempt as it is seen at `now`, in milliseconds since the epoch. */
function seenIn({ lease }: BuildSnapshot, attempt: Attempt, now: number): Attempt {
  return seenAt(attempt, lease, timestamp(now));
}

/** The statuses that attempts with a status may be stored with: an expired lease is recorded by the next writer. */
function storedAs(status: AttemptStatus): AttemptStatus[] {
  return status === 'abandoned' ? ['abandoned', 'in_progress'] : [status];
}

/** Operations on builds and on what can be read of them. */
export function buildHandlers(engine: Engine): Handlers<Names> {
  const { store } = engine.parts;
  return {
    async createBuild({ body }, context) {
      return createBuild(engine, body, context);
    },
    async listBuilds({ query }, context) {
      const { stateMin, stateMax, status, parentBuildId, q, since } = query;
      const scope = await scopeOfSearch(engine, query, context);
      const filter = { stateMin, stateMax, status, parentBuildId, q, since, ...scope };
      if (query.needsAttention === true) return listNeedingAttention(engine, { ...pageOf(query), ...filter });
      const { items, next } = await store.listBuilds({ ...pageOf(query), ...filter });
      const views = await buildViews(engine, items);
      return { body: query.outlook === true ? await withOutlooks(engine, views) : views, next };
    },
    async getBuild({ params }, context) {
      const { snapshot, now } = await engine.load(params.buildId, context);
      return { body: await detailsOf(engine, snapshot, now, await lookAhead(engine, snapshot, now)) };
    },
    async updateBuild({ params, body }, context) {
      const { eventId, ...fields } = body;
      const options = { eventId, operation: 'updateBuild', needs: withSecrets() } as const;
      return engine.once(params.buildId, context, options, (draft, loaded) => {
        const changed = redactFields(given(fields), ['description', 'metadata'], redactorOf(engine, loaded));
        draft.patch(changed);
        draft.event('build.updated', { fields: Object.keys(toWire(changed) as object) });
        return (after) => detailsOf(engine, after, loaded.now);
      });
    },
    async deleteBuild({ params }, context) {
      const needs = () => ({ artifacts: 'all' }) as const;
      await engine.change(params.buildId, context, { needs }, (draft, { artifacts }) =>
        decideDelete(draft, artifacts),
      );
      return { body: undefined };
    },
    async getBuildState({ params }, context) {
      const { snapshot, now } = await engine.load(params.buildId, context);
      const { build, project, openAttempt } = snapshot;
      const { items } = await store.listAttempts(build.id, everything);
      const { currentState, status, lastSuccessfulState, failedState, updatedAt } = build;
      return {
        body: {
          buildId: build.id,
          currentState,
          status,
          lastTransition: openAttempt?.startTime ?? snapshot.lastEndedAt ?? updatedAt,
          lastSuccessfulState,
          failedState,
          history: items.map((attempt) => attemptView(seenIn(snapshot, attempt, now), project.stateCodes)),
        },
      };
    },
    async listAttempts({ params, query }, context) {
      const { snapshot, now } = await engine.load(params.buildId, context);
      const { items, next } = await store.listAttempts(snapshot.build.id, {
        ...pageOf(query),
        state: query.state,
        ...(query.status !== undefined && { statuses: storedAs(query.status) }),
      });
      const seen = items.map((attempt) => seenIn(snapshot, attempt, now));
      const wanted = seen.filter(({ status }) => query.status === undefined || status === query.status);
      return { body: wanted.map((attempt) => attemptView(attempt, snapshot.project.stateCodes)), next };
    },
    async listFailures({ params, query }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      const { items, next } = await store.listAttempts(snapshot.build.id, {
        ...pageOf(query),
        state: query.state,
        statuses: ['failed'],
      });
      const rows = await store.listAttempts(snapshot.build.id, {
        ...everything,
        state: query.state,
        statuses: failureStatuses,
      });
      return { body: items.map((failed) => failureView(failed, rows.items)), next };
    },
  };
}
