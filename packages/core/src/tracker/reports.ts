import { awaitedBranches } from '../branch/waiting.ts';
import type { Attempt } from '../build/attempt.ts';
import type { Build } from '../build/build.ts';
import { hasEnded } from '../build/closed.ts';
import { decideCancel, decideManualRetry } from '../build/decide-by-hand.ts';
import { decideReport } from '../build/decide-report.ts';
import { decideRollback } from '../build/decide-rollback.ts';
import type { BuildDraft } from '../build/draft.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import { BuildClosedError } from '../errors/build-closed-error.ts';
import type { RetryDecision } from '../retry/decision.ts';
import type { CheckedInput } from '../wire/contract.ts';
import { detailsOf } from './build-details.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { producedBefore, registerProduced } from './produced-artifact.ts';
import { redactorOf, withSecrets } from './redaction.ts';
import { artifactWarnings, toReport } from './report-input.ts';
import type { DecisionNeeds } from './surroundings.ts';
import type { CallContext } from './tracker.ts';
import { attemptView } from './views.ts';

type Names =
  | 'recordState'
  | 'recordFailure'
  | 'rejectReport'
  | 'retryBuild'
  | 'rollbackBuild'
  | 'cancelBuild';
type Body = CheckedInput<'recordState'>['body'];

const doneAttempts = { stateAbove: -1, statuses: ['completed', 'skipped'] } as const;

/** What going back needs. */
const rollbackNeeds = { attempts: doneAttempts, artifacts: 'all', resumeRequests: true } as const;

/** What a report's decision needs besides the head. */
function needsOf(body: Body, snapshot: BuildSnapshot): DecisionNeeds | undefined {
  const resumes = snapshot.resumeTarget === null ? {} : rollbackNeeds;
  const registers = body.artifactName === undefined ? {} : ({ artifacts: 'all' } as const);
  const waits = awaitedBranches(snapshot.build).length === 0 ? {} : ({ branches: true } as const);
  const needs = withSecrets({ ...resumes, ...registers, ...waits })(snapshot);
  if (needs?.inherits === undefined || hasTexts(body)) return needs;
  // Nothing that secrets of the builds above could be in.
  const { inherits: _, ...own } = needs;
  return Object.keys(own).length > 0 ? own : undefined;
}

const texts = ['message', 'errorMessage', 'errorCode', 'component', 'errorDetails', 'metadata'] as const;

function hasTexts(body: Body): boolean {
  return body.artifactMetadata !== undefined || texts.some((field) => body[field] !== undefined);
}

interface Answered {
  readonly attempt: Attempt;
  readonly retryDecision: RetryDecision | null;
  readonly artifactId: string | null;
  readonly warnings: readonly string[];
}

function answerOf({ attempt, retryDecision, artifactId, warnings }: Answered, after: BuildSnapshot) {
  const { status, currentState, lastSuccessfulState, failedState } = after.build;
  return {
    ...attemptView(attempt, after.project.stateCodes),
    buildStatus: status,
    currentState,
    lastSuccessfulState,
    failedState,
    retryDecision,
    artifactId,
    warnings: [...warnings],
  };
}

/** A report that says again what a build has let go of: it counted when it was sent first, and counts no more now. */
function historyGone({ id, project, buildNumber, status }: Build): BuildClosedError {
  return new BuildClosedError(
    `Build ${project}:${buildNumber} is ${status}, and its history was let go of since. It accepts nothing more; ` +
      'if this was reported before, it counted then. Nothing is to be done.',
    { context: { build_id: id, status } },
  );
}

/** Records one transition, whichever of its endpoints it came through. */
function record(engine: Engine, ref: string, body: Body, context: CallContext) {
  const needs = (snapshot: BuildSnapshot) => needsOf(body, snapshot);
  const options = { eventId: body.eventId, operation: 'recordState', needs } as const;
  return engine.once(ref, context, options, (draft, loaded, eventId) => {
    const report = toReport(body, loaded.snapshot, eventId, redactorOf(engine, loaded));
    const warnings = artifactWarnings(report.artifactStoragePath, report.artifactChecksum);
    const decision = decideReport(draft, report);
    if ('repeats' in decision) {
      const artifactId = producedBefore(draft, body)?.id ?? null;
      return async (after) => {
        const { id, status } = decision.repeats;
        const found = await engine.parts.store.loadAttempt(after.build.id, id);
        if (found === undefined && hasEnded(after.build)) throw historyGone(after.build);
        if (found === undefined) throw engine.brokenPromise(`lost the attempt ${id}`);
        // Read after the build: what was rolled back in between is answered as it was then, like all the rest.
        const attempt = { ...found, status };
        return answerOf({ attempt, retryDecision: null, artifactId, warnings }, after);
      };
    }
    const artifact = registerProduced(engine, draft, body, report);
    return (after) => answerOf({ ...decision, artifactId: artifact?.id ?? null, warnings }, after);
  });
}

/** Notes that somebody takes care of a build: refused reports draw no attention any more. */
function takeInHand(draft: BuildDraft): void {
  if ((draft.counts.rejectedReports ?? 0) > 0) draft.count({ rejectedReports: 0 });
}

/** Operations that move builds. */
export function reportHandlers(engine: Engine): Handlers<Names> {
  return {
    recordState: ({ params, body }, context) => record(engine, params.buildId, body, context),
    recordFailure({ params, body: { details, ...body } }, context) {
      const report = { ...body, errorDetails: body.errorDetails ?? details, status: 'failed' as const };
      return record(engine, params.buildId, report, context);
    },
    async rejectReport({ params, body }, context) {
      const options = { eventId: body.eventId, operation: 'rejectReport', needs: withSecrets() } as const;
      return engine.once(params.buildId, context, options, (draft, loaded) => {
        const rejectedReports = (draft.counts.rejectedReports ?? 0) + 1;
        draft.count({ rejectedReports });
        draft.event('report.rejected', {
          report_event_id: body.reportEventId,
          state: body.state ?? null,
          status: body.status ?? null,
          code: body.code,
          reason: redactorOf(engine, loaded)(body.reason),
          reported_at: body.reportedAt ?? null,
        });
        const { reportEventId } = body;
        return (after) => ({ buildId: after.build.id, reportEventId, rejectedReports });
      });
    },
    async retryBuild({ params, body = {} }, context) {
      const options = { eventId: body.eventId, operation: 'retryBuild', needs: withSecrets() } as const;
      return engine.once(params.buildId, context, options, (draft, loaded, eventId) => {
        const redact = redactorOf(engine, loaded);
        decideManualRetry(draft, body.state, {
          eventId,
          reason: body.reason === undefined ? null : redact(body.reason),
          reportedBy: body.reportedBy ?? null,
          jobId: null,
          leaseToken: body.leaseToken ?? null,
          takeover: false,
        });
        takeInHand(draft);
        return (after) => detailsOf(engine, after, loaded.now);
      });
    },
    async rollbackBuild({ params, body = {} }, context) {
      const needs = withSecrets(rollbackNeeds);
      const options = { eventId: body.eventId, operation: 'rollbackBuild', needs } as const;
      return engine.once(params.buildId, context, options, (draft, loaded) => {
        const redact = redactorOf(engine, loaded);
        decideRollback(draft, {
          target: body.targetState ?? body.state,
          reason: body.reason === undefined ? null : redact(body.reason),
          reportedBy: body.reportedBy ?? null,
          leaseToken: body.leaseToken ?? null,
        });
        takeInHand(draft);
        return (after) => detailsOf(engine, after, loaded.now);
      });
    },
    async cancelBuild({ params, body = {} }, context) {
      const needs = withSecrets({ resumeRequests: true });
      const options = { eventId: body.eventId, operation: 'cancelBuild', needs } as const;
      return engine.once(params.buildId, context, options, (draft, loaded) => {
        const redact = redactorOf(engine, loaded);
        decideCancel(draft, {
          reason: body.reason === undefined ? null : redact(body.reason),
          reportedBy: body.reportedBy ?? null,
        });
        return (after) => detailsOf(engine, after, loaded.now);
      });
    },
  };
}
