import { covers } from '../access/api-token.ts';
import { ForbiddenError } from '../errors/forbidden-error.ts';
import { type OperationName, type Route, routes } from '../wire/routes.ts';
import { checkInput, type RawInput } from '../wire/validate.ts';
import { artifactHandlers } from './artifacts.ts';
import { batchHandlers } from './batch.ts';
import { branchHandlers } from './branches.ts';
import { buildHandlers } from './builds.ts';
import { bulkResumeHandlers } from './bulk-resume.ts';
import { catalogueHandlers } from './catalogues.ts';
import { claimHandlers } from './claims.ts';
import { comparisonHandlers } from './comparison.ts';
import { dashboardHandlers } from './dashboard.ts';
import { Engine } from './engine.ts';
import { erasureHandlers } from './erasure.ts';
import { eventHandlers, followAll, followBuild } from './events.ts';
import type { Handlers } from './handler.ts';
import { jobHandlers } from './jobs.ts';
import { KeyedCalls } from './keyed-calls.ts';
import { leaseHandlers } from './leases.ts';
import { lineageHandlers } from './lineage.ts';
import { policyHandlers } from './policies.ts';
import { projectHandlers } from './projects.ts';
import { referenceHandlers } from './reference-data.ts';
import { rememberedByBuilds, secretAnswers } from './remembered-by-builds.ts';
import { reportHandlers } from './reports.ts';
import { resumeHandlers } from './resume.ts';
import { resumeFigureHandlers } from './resume-figures.ts';
import { retentionHandlers } from './retention.ts';
import { searchHandlers } from './searches.ts';
import { withShownActors } from './shown-errors.ts';
import { checkConditional, tagOfAnswer } from './tagged-operations.ts';
import { tokenHandlers } from './tokens.ts';
import type { CallContext, Outcome, Tracker, TrackerParts } from './tracker.ts';
import { trendHandlers } from './trends.ts';
import { variableHandlers } from './variables.ts';

/** Refuses callers whose scopes do not cover an operation. @throws ForbiddenError */
function checkScope(operation: OperationName, { actor }: CallContext): void {
  const { scope }: Route = routes[operation];
  if (scope === null || covers(actor.scopes, scope)) return;
  throw new ForbiddenError(
    `${operation} needs a key with the scope "${scope}"; this one has ${actor.scopes.join(', ') || 'none'}.`,
    { context: { scope, scopes: actor.scopes } },
  );
}

/** Methods whose requests may be repeated without a key. */
const repeatable: ReadonlySet<Route['method']> = new Set(['GET', 'PUT', 'DELETE'] as const);

/** The context without what the engine sets, and without a key that is not needed. */
function ownContext(operation: OperationName, context: CallContext): CallContext {
  // Most calls have neither, and are passed on as they are.
  if (context.keyed === undefined && context.idempotencyKey === undefined) return context;
  const { keyed: _, idempotencyKey, ...own } = context;
  return repeatable.has(routes[operation].method) ? own : { ...own, idempotencyKey };
}

/** The engine over a store that was opened. The store is the only truth: make as many as you like. */
export function createTracker(parts: TrackerParts): Tracker {
  const engine = new Engine(parts);
  const keyedCalls = new KeyedCalls(engine);
  const reports = reportHandlers(engine);
  const handlers: Handlers<OperationName> = {
    ...projectHandlers(engine),
    ...referenceHandlers(engine),
    ...catalogueHandlers(engine),
    ...policyHandlers(engine),
    ...retentionHandlers(engine),
    ...buildHandlers(engine),
    ...branchHandlers(engine),
    ...eventHandlers(engine),
    ...reports,
    ...batchHandlers(engine, reports),
    ...bulkResumeHandlers(engine),
    ...leaseHandlers(engine),
    ...claimHandlers(engine),
    ...artifactHandlers(engine),
    ...lineageHandlers(engine),
    ...searchHandlers(engine),
    ...dashboardHandlers(engine),
    ...comparisonHandlers(engine),
    ...resumeFigureHandlers(engine),
    ...trendHandlers(engine),
    ...variableHandlers(engine),
    ...resumeHandlers(engine),
    ...jobHandlers(engine),
    ...tokenHandlers(engine),
    ...erasureHandlers(engine),
  };
  return {
    async perform<K extends OperationName>(
      operation: K,
      input: RawInput,
      context: CallContext,
    ): Promise<Outcome<K>> {
      checkScope(operation, context);
      checkConditional(operation, context);
      const checked = checkInput(operation, input, context.ignoredFields);
      const call = {
        operation,
        input,
        rememberedByBuild: rememberedByBuilds.has(operation),
        secret: secretAnswers.has(operation),
      };
      const outcome: Outcome<K> = await withShownActors(engine.actors, () =>
        keyedCalls.perform(call, ownContext(operation, context), (own) => handlers[operation](checked, own)),
      );
      // The tag is of what is kept, which stays the same when a name goes.
      const etag = outcome.etag ?? tagOfAnswer(operation, outcome.body, parts.crypto);
      const body = await engine.actors.shown(outcome.body);
      if (body === outcome.body && etag === outcome.etag) return outcome;
      return { ...outcome, body, ...(etag !== undefined && { etag }) };
    },
    async follow(operation, input, context, signal) {
      checkScope(operation, context);
      const { ignoredFields } = context;
      return operation === 'listEvents'
        ? followBuild(engine, checkInput('listEvents', input, ignoredFields), context, signal)
        : followAll(engine, checkInput('listAllEvents', input, ignoredFields), context, signal);
    },
    once(asked, context, run) {
      const call = { ...asked, rememberedByBuild: false, secret: false };
      return keyedCalls.perform(call, context, async () => ({ body: await run() }));
    },
  };
}
