import type { Artifact } from '../artifact/artifact.ts';
import { parseChecksum } from '../artifact/checksum.ts';
import { decideRegister } from '../artifact/decide-register.ts';
import type { Attempt } from '../build/attempt.ts';
import { decideCancel, decideManualRetry } from '../build/decide-by-hand.ts';
import { decideReport } from '../build/decide-report.ts';
import { decideRollback } from '../build/decide-rollback.ts';
import type { BuildDraft } from '../build/draft.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import type { LoadedBuild, LoadNeeds } from '../ports/state-store.ts';
import type { RetryDecision } from '../retry/decision.ts';
import { createRedactor, type Redactor } from '../text/redact.ts';
import { openValue } from '../variable/decide-variable.ts';
import type { CheckedInput } from '../wire/contract.ts';
import { signerOf } from './artifact-input.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { artifactWarnings, toReport } from './report-input.ts';
import type { CallContext } from './tracker.ts';
import { attemptView, buildDetails } from './views.ts';

type Names = 'recordState' | 'recordFailure' | 'retryBuild' | 'rollbackBuild' | 'cancelBuild';
type Body = CheckedInput<'recordState'>['body'];

const doneAttempts = { stateAbove: -1, statuses: ['completed', 'skipped'] } as const;

/** What a report's decision needs besides the head. */
function needsOf(body: Body | undefined, snapshot: BuildSnapshot): LoadNeeds | undefined {
  const target = snapshot.resumeTarget !== null;
  const sensitive = snapshot.counts.sensitiveVariables > 0;
  const registers = body?.artifactName !== undefined;
  if (!target && !sensitive && !registers) return undefined;
  return {
    variables: sensitive,
    artifacts: registers ? 'all' : target ? 'live' : undefined,
    resumeRequests: target,
    attempts: target ? doneAttempts : undefined,
  };
}

/** A redactor that knows the values of the build's sensitive variables. */
export function redactorOf(engine: Engine, { variables }: Pick<LoadedBuild, 'variables'>): Redactor {
  const { keys } = engine.parts.crypto;
  return createRedactor(
    variables.filter(({ isSensitive }) => isSensitive).map((one) => openValue(one, keys)),
  );
}

/** Registers the artifact that a report names, in the same change. */
function registerProduced(engine: Engine, draft: BuildDraft, body: Body, attempt: Attempt): Artifact | null {
  const { artifactName, artifactStoragePath, artifactStorageType } = body;
  if (artifactName === undefined || artifactStoragePath === undefined || artifactStorageType === undefined)
    return null;
  const checksum =
    body.artifactChecksum === undefined ? null : parseChecksum(body.artifactChecksum, 'artifact_checksum');
  return decideRegister(
    draft,
    {
      id: engine.uuid(),
      stateCode: attempt.state,
      artifactName,
      artifactType: body.artifactType ?? 'file',
      artifactPath: artifactStoragePath,
      storageBackend: artifactStorageType,
      storageRegion: null,
      storageBucket: null,
      storageKey: null,
      sizeBytes: body.artifactSizeBytes ?? null,
      checksum,
      contentType: null,
      isResumable: true,
      isFinal: false,
      expiresAt: null,
      metadata: attempt.artifactMetadata ?? {},
      parents: [],
      verificationStatus: body.artifactVerificationStatus ?? 'unverified',
      replace: false,
      leaseToken: body.leaseToken ?? null,
    },
    signerOf(engine),
  );
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

/** Records one transition, whichever of its two endpoints it came through. */
async function record(engine: Engine, ref: string, body: Body, context: CallContext) {
  const eventId = body.eventId ?? engine.uuid();
  const needs = (snapshot: BuildSnapshot) => needsOf(body, snapshot);
  const answer = await engine.once(
    ref,
    context,
    { eventId, operation: 'recordState', needs },
    (draft, loaded) => {
      const report = toReport(body, loaded.snapshot, eventId, redactorOf(engine, loaded));
      const warnings = artifactWarnings(report.artifactStoragePath, report.artifactChecksum);
      const decision = decideReport(draft, report);
      if ('repeats' in decision) {
        return async (after) => {
          const attempt = await engine.parts.store.loadAttempt(after.build.id, decision.repeats);
          if (attempt === undefined) throw engine.brokenPromise(`lost the attempt ${decision.repeats}`);
          return answerOf({ attempt, retryDecision: null, artifactId: null, warnings }, after);
        };
      }
      const artifact = registerProduced(engine, draft, body, decision.attempt);
      return (after) => answerOf({ ...decision, artifactId: artifact?.id ?? null, warnings }, after);
    },
  );
  return { body: answer };
}

/** Operations that move builds. */
export function reportHandlers(engine: Engine): Handlers<Names> {
  const details = (after: BuildSnapshot, draft: BuildDraft) =>
    buildDetails(after, draft.now, { lastFailure: null, artifactBase: engine.parts.artifactBase ?? null });
  return {
    recordState: ({ params, body }, context) => record(engine, params.buildId, body, context),
    recordFailure({ params, body: { details, ...body } }, context) {
      const report = { ...body, errorDetails: body.errorDetails ?? details, status: 'failed' as const };
      return record(engine, params.buildId, report, context);
    },
    async retryBuild({ params, body = {} }, context) {
      const eventId = body.eventId ?? engine.uuid();
      const needs = (snapshot: BuildSnapshot) => needsOf(undefined, snapshot);
      const options = { eventId, operation: 'retryBuild', needs } as const;
      const answer = await engine.once(params.buildId, context, options, (draft, loaded) => {
        decideManualRetry(draft, body.state, {
          eventId,
          reason: body.reason === undefined ? null : redactorOf(engine, loaded)(body.reason),
          reportedBy: body.reportedBy ?? null,
          jobId: null,
          leaseToken: body.leaseToken ?? null,
          takeover: false,
        });
        return (after) => details(after, draft);
      });
      return { body: answer };
    },
    async rollbackBuild({ params, body = {} }, context) {
      const eventId = body.eventId ?? engine.uuid();
      const needs = () => ({ attempts: doneAttempts, artifacts: 'live', variables: true }) as const;
      const options = { eventId, operation: 'rollbackBuild', needs } as const;
      const answer = await engine.once(params.buildId, context, options, (draft, loaded) => {
        decideRollback(draft, {
          target: body.targetState ?? body.state,
          reason: body.reason === undefined ? null : redactorOf(engine, loaded)(body.reason),
          leaseToken: body.leaseToken ?? null,
        });
        return (after) => details(after, draft);
      });
      return { body: answer };
    },
    async cancelBuild({ params, body = {} }, context) {
      const eventId = body.eventId ?? engine.uuid();
      const needs = () => ({ resumeRequests: true, variables: true }) as const;
      const options = { eventId, operation: 'cancelBuild', needs } as const;
      const answer = await engine.once(params.buildId, context, options, (draft, loaded) => {
        decideCancel(draft, body.reason === undefined ? null : redactorOf(engine, loaded)(body.reason));
        return (after) => details(after, draft);
      });
      return { body: answer };
    },
  };
}
