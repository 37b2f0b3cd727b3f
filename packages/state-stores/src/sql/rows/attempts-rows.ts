import type { Attempt, AttemptFacts } from '@buildstate/core';
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

/** What figures need of the rows of `build_states`. */
export const attemptFacts = recordTable<AttemptFacts>('build_states', {
  id: 'text',
  buildId: 'text',
  state: 'integer',
  attempt: 'integer',
  status: 'text',
  startTime: 'time',
  startInferred: 'flag',
  endTime: 'time',
  durationSeconds: 'real',
  errorCode: 'text',
  errorCategory: 'text',
  component: 'text',
  createdAt: 'time',
});
