import type { Attempt } from '../build/attempt.ts';
import type { Build } from '../build/build.ts';
import { BuildStateError } from '../errors/buildstate-error.ts';
import { NotResumableError } from '../errors/not-resumable-error.ts';
import { ValidationError } from '../errors/validation-error.ts';
import type { LoadedBuild } from '../ports/state-store.ts';
import { isOpen, type ResumeRequest } from '../resume/resume-request.ts';
import { isFound } from '../retry/pattern/linear-pattern.ts';
import type { CheckedInput, OperationAnswer } from '../wire/contract.ts';
import { toProblem } from '../wire/problem.ts';
import { askToResume, resumeNeeds } from './ask-to-resume.ts';
import { lastFailure } from './build-details.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { loadProject } from './projects.ts';
import type { CallContext } from './tracker.ts';

type Body = CheckedInput<'bulkResume'>['body'];
type Result = OperationAnswer<'bulkResume'>['results'][number];

/** Failed builds that one call looks at. */
const mostBuilds = 1000;
/** Builds that are looked at together; their results keep the order of the list. */
const together = 8;

/** @throws ValidationError when nothing says which builds are meant */
function checkNarrowed({ projectId, failedSince, matching }: Body, { actor }: CallContext): void {
  if (projectId ?? failedSince ?? matching ?? actor.projectId) return;
  const message = 'is required, or failed_since or matching: say which failed builds are meant';
  throw new ValidationError(`project_id ${message}.`, { problems: [{ path: 'project_id', message }] });
}

/** Whether a failure is one of those that are meant. */
function isMeant({ failedSince, matching }: Body, failure: Attempt | null): boolean {
  if (failedSince !== undefined && (failure?.endTime ?? '') < failedSince) return false;
  if (matching === undefined) return true;
  const texts = [failure?.errorMessage, failure?.errorCode, failure?.component];
  return texts.some((text) => text != null && isFound(matching, text));
}

function resultOf(build: Build, failure: Attempt | null): Omit<Result, 'outcome'> {
  return {
    buildId: build.id,
    buildNumber: build.buildNumber,
    project: build.project,
    failedState: build.failedState,
    failedAt: failure?.endTime ?? null,
    errorMessage: failure?.errorMessage ?? null,
    errorCode: failure?.errorCode ?? null,
    component: failure?.component ?? null,
    resumeFromState: null,
    requestId: null,
    problem: null,
  };
}

/** @throws NotResumableError when a build got over its failure since it was listed */
function checkStillFailed({ snapshot: { build } }: LoadedBuild): void {
  if (build.status === 'failed') return;
  throw new NotResumableError(`Build ${build.project}:${build.buildNumber} is ${build.status} by now.`, {
    context: { build_id: build.id, status: build.status },
  });
}

/** Asks that one build goes on, or finds out what would come of asking. */
async function resumeOne(
  engine: Engine,
  id: string,
  body: Body,
  context: CallContext,
): Promise<Partial<Result>> {
  const wish = {
    resumeReason: body.reason,
    requestedBy: body.requestedBy,
    requestSource: body.requestSource,
  };
  // With the id that its key makes, a request that is performed again knows its own from those of others.
  const own = context.keyed?.idFor(`resume ${id}`);
  let known: ResumeRequest | undefined;
  const decide = (draft: Parameters<typeof askToResume>[1], loaded: LoadedBuild) => {
    checkStillFailed(loaded);
    known = loaded.resumeRequests.find((request) => isOpen(request) && request.id !== own);
    return askToResume(engine, draft, loaded, wish, context, own).request;
  };
  const dryRun = body.dryRun === true;
  const request = dryRun
    ? await engine.consider(id, context, resumeNeeds, decide)
    : (await engine.change(id, context, { needs: () => resumeNeeds }, decide)).value;
  if (known !== undefined) {
    return { outcome: 'already_requested', requestId: known.id, resumeFromState: known.resumeFromState };
  }
  const { id: requestId, resumeFromState } = request;
  return dryRun
    ? { outcome: 'would_be_requested', resumeFromState }
    : { outcome: 'requested', resumeFromState, requestId };
}

/** What becomes of one failed build of the list; nothing when it is not meant. */
async function lookAt(
  engine: Engine,
  id: string,
  body: Body,
  context: CallContext,
): Promise<Result | undefined> {
  const snapshot = (await engine.parts.store.loadBuild(id))?.snapshot;
  if (snapshot === undefined || snapshot.build.status !== 'failed') return undefined;
  const failure = await lastFailure(engine, snapshot);
  if (!isMeant(body, failure)) return undefined;
  const result: Result = { ...resultOf(snapshot.build, failure), outcome: 'refused' };
  try {
    return { ...result, ...(await resumeOne(engine, id, body, context)) };
  } catch (error) {
    // What the store cannot do is the failure of the whole call; it may be repeated.
    if (!(error instanceof BuildStateError) || toProblem(error).status >= 500) throw error;
    return { ...result, problem: toProblem(error) };
  }
}

/** The operation that asks of many failed builds that they go on. */
export function bulkResumeHandlers(engine: Engine): Handlers<'bulkResume'> {
  return {
    async bulkResume({ body }, context) {
      checkNarrowed(body, context);
      const project =
        body.projectId === undefined ? undefined : await loadProject(engine, body.projectId, context);
      const { items, next } = await engine.parts.store.listBuilds({
        limit: body.limit ?? mostBuilds,
        cursor: body.cursor,
        status: 'failed',
        projectId: project?.id ?? context.actor.projectId ?? undefined,
      });
      const results: Result[] = [];
      for (let start = 0; start < items.length; start += together) {
        const some = items.slice(start, start + together);
        const looks = await Promise.all(some.map(({ id }) => lookAt(engine, id, body, context)));
        results.push(...looks.filter((result) => result !== undefined));
      }
      return {
        body: { dryRun: body.dryRun === true, examined: items.length, results, nextCursor: next ?? null },
      };
    },
  };
}
