import type { Attempt } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** Attempts in `build_states`. */
export const attempts = recordTable<Attempt>('build_states', {
  id: 'text',
  buildId: 'text',
  eventId: 'text',
  state: 'integer',
  attempt: 'integer',
  status: 'text',
  message: 'text',
  startTime: 'time',
  startInferred: 'flag',
  endTime: 'time',
  durationSeconds: 'real',
  closedBy: 'text',
  errorMessage: 'text',
  errorCode: 'text',
  errorCategory: 'text',
  component: 'text',
  errorDetails: 'json',
  retryCount: 'integer',
  reportedBy: 'text',
  jobId: 'text',
  leaseToken: 'integer',
  artifactStorageType: 'text',
  artifactStoragePath: 'text',
  artifactSizeBytes: 'integer',
  artifactChecksum: 'text',
  artifactMetadata: 'json',
  metadata: 'json',
  createdAt: 'time',
});
