import { isOpen, type OrchestrationStatus } from '../resume/resume-request.ts';
import type { BuildDraft } from './draft.ts';

/** What a build's fate means for the resume request that set it going. */
function fateOf(draft: BuildDraft, resumeToState: number | null): OrchestrationStatus {
  const { status, lastSuccessfulState } = draft.build;
  if (status === 'failed') return 'failed';
  if (status === 'cancelled') return 'cancelled';
  const reached = resumeToState !== null && lastSuccessfulState >= resumeToState;
  return status === 'completed' || reached ? 'completed' : 'running';
}

/**
 * Lets the resume request that was taken up follow the build: running, then completed or failed. The draft must
 * have been made with the build's resume requests.
 */
export function followRequest(draft: BuildDraft): void {
  const target = draft.resumeTarget;
  const closed = draft.build.status === 'cancelled';
  if (target === null || (!target.started && !closed)) return;
  const request = draft.loaded.resumeRequests.find(({ id }) => id === target.requestId);
  if (request === undefined || !isOpen(request)) {
    draft.setResumeTarget(null);
    return;
  }
  const status = fateOf(draft, request.resumeToState);
  if (status !== 'running') draft.setResumeTarget(null);
  if (status === request.orchestrationStatus) return;
  draft.resumeRequests.put({
    ...request,
    orchestrationStatus: status,
    triggeredAt: request.triggeredAt ?? draft.now,
    completedAt: status === 'running' ? null : draft.now,
    updatedAt: draft.now,
  });
  if (status === 'completed') draft.event('resume.completed', { request_id: request.id });
  if (status === 'failed') draft.event('resume.failed', { request_id: request.id });
}
