import type { Attempt, AttemptFacts, BuildFacts, InBuild, ResumeRequest } from '@buildstate/core';

/** The minute of a day in March. */
export const at = (minute: number): string =>
  new Date(Date.parse('2026-03-02T00:00:00.000Z') + minute * 60_000).toISOString();

/** What is known of a build. */
export const facts = (overrides: Partial<BuildFacts> = {}): BuildFacts => ({
  id: 'b1',
  buildNumber: '1',
  projectId: 'p1',
  project: 'linux',
  platformId: null,
  platform: null,
  status: 'running',
  currentState: 0,
  ...overrides,
});

/** A completed attempt of a minute whose start was seen. */
export const attempt = (overrides: Partial<Attempt> = {}): Attempt => ({
  id: 'a',
  buildId: 'b1',
  eventId: 'e',
  state: 5,
  attempt: 1,
  status: 'completed',
  message: null,
  startTime: at(0),
  startInferred: false,
  endTime: at(1),
  durationSeconds: 60,
  closedBy: null,
  errorMessage: null,
  errorCode: null,
  errorCategory: null,
  component: null,
  errorDetails: null,
  retryCount: 0,
  reportedBy: null,
  jobId: null,
  leaseToken: null,
  artifactStorageType: null,
  artifactStoragePath: null,
  artifactSizeBytes: null,
  artifactChecksum: null,
  artifactMetadata: null,
  metadata: {},
  createdAt: at(0),
  ...overrides,
});

/** An attempt as searches find it. */
export const found = (
  record: Partial<Attempt> = {},
  build: Partial<BuildFacts> = {},
): InBuild<AttemptFacts> => ({ record: attempt(record), build: facts(build) });

/** An open request to resume at state 15. */
export const request = (overrides: Partial<ResumeRequest> = {}): ResumeRequest => ({
  id: 'r',
  buildId: 'b1',
  resumeFromState: 15,
  resumeToState: null,
  resumeReason: null,
  requestedBy: null,
  requestSource: 'api',
  orchestrationJobId: null,
  orchestrationJobUrl: null,
  orchestrationStatus: 'pending',
  triggeredAt: null,
  completedAt: null,
  errorMessage: null,
  metadata: {},
  createdAt: at(100),
  updatedAt: at(100),
  ...overrides,
});
