import type { JsonObject } from '../build/build.ts';
import { checkNotClosed } from '../build/closed.ts';
import type { BuildDraft } from '../build/draft.ts';
import { IllegalTransitionError } from '../errors/illegal-transition-error.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { NotResumableError } from '../errors/not-resumable-error.ts';
import type { EventType } from '../event/event.ts';
import { given } from '../text/given.ts';
import type { ResumeFindings } from './context.ts';
import {
  isOpen,
  type OrchestrationStatus,
  orchestrationStatuses,
  type RequestSource,
  type ResumeRequest,
} from './resume-request.ts';

/** What is asked for. */
export interface ResumeWish {
  /** The id of the request. @default a new one */
  readonly id?: string | undefined;
  /** Where to go on; `null`: where the plan says. */
  readonly resumeFromState: number | null;
  /** Where to stop. */
  readonly resumeToState: number | null;
  /** Why. */
  readonly resumeReason: string | null;
  /** Who asks. */
  readonly requestedBy: string | null;
  /** Through which door. */
  readonly requestSource: RequestSource;
  /** The user's own JSON. */
  readonly metadata: JsonObject;
}

function checkWish(draft: BuildDraft, wish: ResumeWish, findings: ResumeFindings): number {
  const planned = findings.plan.resumeFromState;
  const from = wish.resumeFromState ?? planned;
  const subject = `Build ${draft.build.project}:${draft.build.buildNumber}`;
  const context = { resume_from_state: from, planned_state: planned, failed_state: draft.build.failedState };
  if (from > planned) {
    throw new NotResumableError(
      `${subject} cannot go on at state ${from}, beyond where it stopped; ` +
        `it can at ${planned} or before. ${findings.plan.reason}`,
      { context },
    );
  }
  if (!findings.resumable) {
    throw new NotResumableError(`${subject} cannot be resumed. ${findings.reasons.join(' ')}`, {
      context: { ...context, missing: findings.missing },
    });
  }
  if (wish.resumeToState !== null && wish.resumeToState < from) {
    throw new NotResumableError(
      `${subject} goes on at state ${from}; resume_to_state ${wish.resumeToState} lies before that. ` +
        'Leave it out, or name a later state.',
      { context },
    );
  }
  return from;
}

/**
 * Accepts a wish to go on. While a request is open, asking again answers that one. The draft must have been
 * made with the build's resume requests.
 * @param findings what was found for the state that the wish names
 * @throws BuildClosedError, NotResumableError
 */
export function decideResumeRequest(
  draft: BuildDraft,
  wish: ResumeWish,
  findings: ResumeFindings,
): ResumeRequest {
  const open = draft.loaded.resumeRequests.find(isOpen);
  if (open !== undefined) return open;
  checkNotClosed(draft.build);
  const resumeFromState = checkWish(draft, wish, findings);
  const request: ResumeRequest = {
    id: wish.id ?? draft.context.ids.uuid(),
    buildId: draft.build.id,
    resumeFromState,
    resumeToState: wish.resumeToState,
    resumeReason: wish.resumeReason,
    requestedBy: wish.requestedBy,
    requestSource: wish.requestSource,
    orchestrationJobId: null,
    orchestrationJobUrl: null,
    orchestrationStatus: 'pending',
    triggeredAt: null,
    completedAt: null,
    errorMessage: null,
    metadata: wish.metadata,
    createdAt: draft.now,
    updatedAt: draft.now,
  };
  draft.resumeRequests.put(request);
  const { failedState } = draft.build;
  draft.setResumeTarget({
    state: resumeFromState,
    requestId: request.id,
    skipFailed:
      findings.plan.strategy === 'skip_to_next' && failedState !== null && resumeFromState > failedState,
    started: false,
  });
  draft.event('resume.requested', {
    request_id: request.id,
    resume_from_state: resumeFromState,
    resume_to_state: wish.resumeToState,
    request_source: wish.requestSource,
  });
  return request;
}

/** What may be reported of a request. */
export type RequestEdit = Partial<
  Pick<
    ResumeRequest,
    'orchestrationStatus' | 'orchestrationJobId' | 'orchestrationJobUrl' | 'errorMessage' | 'metadata'
  >
>;

/** In the order in which requests pass them; the last three are ends. */
const stages = orchestrationStatuses;

const events: Partial<Record<OrchestrationStatus, EventType>> = {
  triggered: 'resume.triggered',
  completed: 'resume.completed',
  failed: 'resume.failed',
};

/** The error for a resume request that is not there, or that the caller may not see. */
export function noRequest(id: string): NotFoundError {
  return new NotFoundError(`There is no resume request "${id}". Ask for one with \`bldst build resume\`.`, {
    context: { request_id: id },
  });
}

/**
 * The status of a request after news of it. What a CI system tells may be overtaken by what the build did, so
 * late news of an earlier stage leaves the status as it is.
 * @throws IllegalTransitionError when a request that is over is to have another end or to begin again
 */
function statusAfter(known: ResumeRequest, wanted = known.orchestrationStatus): OrchestrationStatus {
  const { orchestrationStatus: now, id } = known;
  const isLateNews = wanted === 'triggered' || wanted === 'running';
  if (now === wanted || (isOpen(known) && stages.indexOf(wanted) > stages.indexOf(now))) return wanted;
  if (isLateNews) return now;
  throw new IllegalTransitionError(
    `Resume request ${id} is ${now} and cannot become ${wanted}. Ask for another one with \`bldst build resume\`.`,
    { context: { request_id: id, orchestration_status: now } },
  );
}

/** Records how far a request has come. @throws NotFoundError, IllegalTransitionError */
export function decideUpdateRequest(draft: BuildDraft, id: string, edit: RequestEdit): ResumeRequest {
  const known = draft.loaded.resumeRequests.find((request) => request.id === id);
  if (known === undefined) throw noRequest(id);
  const orchestrationStatus = statusAfter(known, edit.orchestrationStatus);
  const changed: ResumeRequest = { ...known, ...given(edit), orchestrationStatus, updatedAt: draft.now };
  const moved = changed.orchestrationStatus !== known.orchestrationStatus;
  const triggered = moved && known.triggeredAt === null && changed.orchestrationStatus !== 'cancelled';
  const request: ResumeRequest = {
    ...changed,
    triggeredAt: triggered ? draft.now : changed.triggeredAt,
    completedAt: isOpen(changed) ? null : (known.completedAt ?? draft.now),
  };
  draft.resumeRequests.put(request);
  if (!isOpen(request) && draft.resumeTarget?.requestId === id) draft.setResumeTarget(null);
  const type = moved ? events[request.orchestrationStatus] : undefined;
  draft.event(type ?? 'build.updated', { request_id: id, orchestration_status: request.orchestrationStatus });
  return request;
}
