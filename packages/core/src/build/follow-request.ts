import { isOpen, type OrchestrationStatus, type ResumeRequest } from '../resume/resume-request.ts';
import type { BuildDraft } from './draft.ts';
import type { ResumeTarget } from './snapshot.ts';

/** What a build's fate means for the resume request that leads it. */
function fateOf(draft: BuildDraft, target: ResumeTarget, request: ResumeRequest): OrchestrationStatus {
  const { status, lastSuccessfulState } = draft.build;
  // Nobody took it up, and now there is nothing left to resume.
  if (status === 'cancelled' || !target.started) return 'cancelled';
  if (status === 'failed') return 'failed';
  const reached = request.resumeToState !== null && lastSuccessfulState >= request.resumeToState;
  return status === 'completed' || reached ? 'completed' : 'running';
}

function settle(draft: BuildDraft, request: ResumeRequest, status: OrchestrationStatus): void {
  if (status !== 'running') draft.setResumeTarget(null);
  if (status === request.orchestrationStatus) return;
  draft.resumeRequests.put({
    ...request,
    orchestrationStatus: status,
    triggeredAt: status === 'cancelled' ? request.triggeredAt : (request.triggeredAt ?? draft.now),
    completedAt: status === 'running' ? null : draft.now,
    updatedAt: draft.now,
  });
  if (status === 'completed') draft.event('resume.completed', { request_id: request.id });
  if (status === 'failed') draft.event('resume.failed', { request_id: request.id });
}

function requestOf(draft: BuildDraft): ResumeRequest | undefined {
  const id = draft.resumeTarget?.requestId;
  return draft.loaded.resumeRequests.find((request) => request.id === id && isOpen(request));
}

/**
 * Lets the open resume request follow the build: running once it was taken up, then completed or failed; over
 * when the build is over. The draft must have been made with the build's resume requests.
 */
export function followRequest(draft: BuildDraft): void {
  const target = draft.resumeTarget;
  const over = draft.build.status === 'completed' || draft.build.status === 'cancelled';
  if (target === null || !(target.started || over)) return;
  const request = requestOf(draft);
  if (request === undefined) draft.setResumeTarget(null);
  else settle(draft, request, fateOf(draft, target, request));
}

/**
 * Ends the open resume request because somebody decided otherwise, so that another one can be made. The draft
 * must have been made with the build's resume requests.
 */
export function dropRequest(draft: BuildDraft): void {
  const request = requestOf(draft);
  if (request !== undefined) settle(draft, request, 'cancelled');
  draft.setResumeTarget(null);
}
