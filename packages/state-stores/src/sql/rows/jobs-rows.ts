import type { BuildJob } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** CI jobs in `build_jobs`. */
export const jobs = recordTable<BuildJob>('build_jobs', {
  id: 'text',
  buildId: 'text',
  platform: 'text',
  pipelineName: 'text',
  jobName: 'text',
  jobUrl: 'text',
  jobId: 'text',
  buildNumber: 'text',
  triggeredBy: 'text',
  triggerSource: 'text',
  status: 'text',
  startedAt: 'time',
  completedAt: 'time',
  isResumeJob: 'flag',
  resumedFromState: 'integer',
  parentJobId: 'text',
  createdAt: 'time',
  updatedAt: 'time',
});
