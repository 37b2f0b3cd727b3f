import type { ResumeRequest } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** Resume requests in `resume_requests`. */
export const resumeRequests = recordTable<ResumeRequest>('resume_requests', {
  id: 'text',
  buildId: 'text',
  resumeFromState: 'integer',
  resumeToState: 'integer',
  resumeReason: 'text',
  requestedBy: 'text',
  requestSource: 'text',
  orchestrationJobId: 'text',
  orchestrationJobUrl: 'text',
  orchestrationStatus: 'text',
  triggeredAt: 'time',
  completedAt: 'time',
  errorMessage: 'text',
  metadata: 'json',
  createdAt: 'time',
  updatedAt: 'time',
});
