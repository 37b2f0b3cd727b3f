import { covers } from '../access/api-token.ts';
import { inheritsNothing, withInherited } from '../branch/inheritance.ts';
import type { Attempt } from '../build/attempt.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import { NotResumableError } from '../errors/not-resumable-error.ts';
import type { LoadedBuild } from '../ports/state-store.ts';
import { decideUpdateRequest, noRequest } from '../resume/decide-request.ts';
import { decideRetry, type RetryDecision } from '../retry/decision.ts';
import { policyOf } from '../retry/policy.ts';
import { given } from '../text/given.ts';
import { redactFields } from '../text/redact.ts';
import { openValue } from '../variable/decide-variable.ts';
import { askToResume, type ResumeWishBody, resumeNeeds } from './ask-to-resume.ts';
import { lastFailure } from './build-details.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { newestFirst, pageOfLoaded } from './loaded-lists.ts';
import { noteLooks, type ProvenResume, proveResume, recordLooks } from './prove-resume.ts';
import { redactorOf, withSecrets } from './redaction.ts';
import type { SurroundedBuild } from './surroundings.ts';
import type { CallContext } from './tracker.ts';

type Names =
  | 'getResumeContext'
  | 'requestResume'
  | 'listResumeRequests'
  | 'getResumeRequest'
  | 'updateResumeRequest';

/** The decision that was taken on the last failure; its time is the one that the build keeps. */
function standingDecision({ build, project }: BuildSnapshot, failure: Attempt | null): RetryDecision | null {
  if (failure?.errorCategory == null || failure.endTime === null) return null;
  const decision = decideRetry(policyOf(project, failure.state), {
    failures: failure.retryCount + 1,
    category: failure.errorCategory,
    now: Date.parse(failure.endTime),
    random: 0,
  });
  if (!decision.retry || build.nextRetryAt === null) return decision;
  const delaySeconds = (Date.parse(build.nextRetryAt) - Date.parse(failure.endTime)) / 1000;
  return { ...decision, retryAt: build.nextRetryAt, delaySeconds };
}

/** The variables that the caller may have, and the keys of those it may not. */
function shownVariables(
  engine: Engine,
  { variables: own, inherited = inheritsNothing }: SurroundedBuild,
  { actor }: CallContext,
) {
  const variables = withInherited(own, inherited.variables);
  const mayOpen = covers(actor.scopes, 'write');
  const shown = variables.filter(({ isSensitive }) => !isSensitive || mayOpen);
  const { keys } = engine.parts.crypto;
  return {
    variables: Object.fromEntries(shown.map((one) => [one.variableKey, openValue(one, keys)])),
    maskedVariables: variables.filter((one) => !shown.includes(one)).map(({ variableKey }) => variableKey),
  };
}

/** What is seen of bytes before somebody's wish is decided on, if that is asked for. */
async function lookBefore(
  engine: Engine,
  ref: string,
  { verify = 'false', resumeFromState }: ResumeWishBody,
  context: CallContext,
): Promise<ProvenResume['looks'] | undefined> {
  if (verify === 'false') return undefined;
  const loaded = await engine.surrounded(ref, context, resumeNeeds);
  // A request that was answered must not look at the bytes again.
  const before = await engine.answeredBefore(loaded.snapshot.build.id, 'requestResume', context);
  return before === undefined
    ? (await proveResume(engine, loaded, verify, resumeFromState)).looks
    : undefined;
}

/** The build of a resume request, which the caller must be allowed to see. */
async function requestById(engine: Engine, id: string, context: CallContext) {
  const request = await engine.parts.store.findResumeRequest(id);
  if (request === undefined || !(await engine.maySee(request.buildId, context))) throw noRequest(id);
  return request;
}

/** Operations on resuming. */
export function resumeHandlers(engine: Engine): Handlers<Names> {
  return {
    async getResumeContext({ params, query }, context) {
      const loaded = await engine.surrounded(params.buildId, context, resumeNeeds);
      const { snapshot } = loaded;
      const proven = await proveResume(engine, loaded, query.verify ?? 'false');
      await recordLooks(engine, snapshot.build.id, proven.looks, context);
      const { found, proof } = proven;
      const { id, currentState, lastSuccessfulState, failedState } = snapshot.build;
      return {
        body: {
          buildId: id,
          currentState,
          lastSuccessfulState,
          failedState,
          resumeFromState: found.plan.resumeFromState,
          artifacts: found.artifacts,
          ...shownVariables(engine, loaded, context),
          resumableStateConfig: found.plan.config,
          retryDecision: standingDecision(snapshot, await lastFailure(engine, snapshot)),
          missing: found.missing,
          resumable: found.resumable,
          reasons: found.reasons,
          rerunStates: found.rerunStates,
          proof,
        },
      };
    },
    async requestResume({ params, body = {} }, context) {
      const options = {
        eventId: body.eventId,
        operation: 'requestResume',
        needs: () => resumeNeeds,
      } as const;
      const looks = await lookBefore(engine, params.buildId, body, context);
      const asking = engine.once(params.buildId, context, options, (draft, loaded) => {
        const { request, findings } = askToResume(engine, draft, loaded, { ...body, looks }, context);
        if (looks !== undefined) noteLooks(draft, looks);
        const { missing, reasons, rerunStates } = findings;
        return () => ({ ...request, missing, reasons, rerunStates });
      });
      return asking.catch(async (error: unknown) => {
        // What was seen is worth knowing though the wish is refused.
        if (looks !== undefined && error instanceof NotResumableError)
          await recordLooks(engine, params.buildId, looks, context);
        throw error;
      });
    },
    async listResumeRequests({ params, query }, context) {
      const { snapshot } = await engine.load(params.buildId, context);
      const requests = await engine.parts.store.listResumeRequests(snapshot.build.id);
      const { items, next } = pageOfLoaded(requests, query, newestFirst);
      return { body: items, next };
    },
    async getResumeRequest({ params }, context) {
      return { body: await requestById(engine, params.requestId, context) };
    },
    async updateResumeRequest({ params, body }, context) {
      const { buildId } = await requestById(engine, params.requestId, context);
      const needs = withSecrets({ resumeRequests: true });
      const changes = ({ resumeRequests }: LoadedBuild) => ({
        what: `The resume request ${params.requestId}`,
        content: resumeRequests.find(({ id }) => id === params.requestId),
      });
      const options = { operation: 'updateResumeRequest', needs, changes } as const;
      return engine.once(buildId, context, options, (draft, loaded) => {
        const texts = ['errorMessage', 'metadata', 'orchestrationJobUrl', 'orchestrationJobId'] as const;
        const edit = redactFields(given(body), texts, redactorOf(engine, loaded));
        const request = decideUpdateRequest(draft, params.requestId, edit);
        return () => request;
      });
    },
  };
}
