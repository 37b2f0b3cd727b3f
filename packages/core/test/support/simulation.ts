import { createHash } from 'node:crypto';
import { BuildDraft } from '../../src/build/draft.ts';
import type { StateReport } from '../../src/build/report.ts';
import {
  type Artifact,
  type Attempt,
  type Build,
  type BuildEvent,
  type BuildSnapshot,
  defaultCatalogue,
  newBuild,
  newHead,
  type Project,
  type ResumeRequest,
  timestamp,
  type Variable,
} from '../../src/index.ts';

/** When simulations begin. */
export const epoch = Date.parse('2026-03-01T12:00:00.000Z');

/** SHA-256 as the engine asks for it. */
export const hashing = {
  sha256Hex: (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex'),
};

let serial = 0;

/** Ids that are unique within the test run. */
export const ids = {
  uuid(): string {
    serial += 1;
    return `00000000-0000-7000-8000-${serial.toString(16).padStart(12, '0')}`;
  },
};

/** A project with the default catalogue. */
export function makeProject(fields: Partial<Project> = {}): Project {
  return {
    id: ids.uuid(),
    name: 'rhel9-base',
    description: null,
    parentProjectId: null,
    artifactBase: null,
    settings: {},
    retention: null,
    revision: 1,
    createdAt: timestamp(epoch),
    updatedAt: timestamp(epoch),
    deactivatedAt: null,
    stateCodes: defaultCatalogue(ids.uuid, timestamp(epoch)),
    retryPolicies: [],
    resumableStates: [],
    failurePatterns: [],
    ...fields,
  };
}

function makeBuild(project: Project): Build {
  return newBuild(project, { id: ids.uuid(), buildNumber: '123', version: 1, createdAt: timestamp(epoch) });
}

/** One build in memory, moved by decisions alone: no store, no tracker. */
export class Simulation {
  snapshot: BuildSnapshot;
  now = epoch;
  readonly attempts = new Map<string, Attempt>();
  readonly artifacts = new Map<string, Artifact>();
  readonly variables = new Map<string, Variable>();
  readonly requests = new Map<string, ResumeRequest>();
  readonly events: BuildEvent[] = [];

  constructor(project: Project = makeProject()) {
    this.snapshot = { ...newHead(makeBuild(project)), project };
  }

  get build(): Build {
    return this.snapshot.build;
  }

  /** Seconds go by. */
  wait(seconds: number): void {
    this.now += seconds * 1000;
  }

  /** Applies a decision; when it throws, nothing changes. */
  apply<T>(decide: (draft: BuildDraft) => T): T {
    const context = { now: this.now, ids, actorId: 'tester', random: () => 0.5 };
    const draft = new BuildDraft(this.snapshot, context, {
      attempts: [...this.attempts.values()],
      artifacts: [...this.artifacts.values()],
      variables: [...this.variables.values()].filter(({ deletedAt }) => deletedAt === null),
      resumeRequests: [...this.requests.values()].reverse(),
      jobs: [],
    });
    const value = decide(draft);
    if (!draft.changed) return value;
    const change = draft.seal(hashing);
    this.snapshot = { ...change.head, project: this.snapshot.project };
    for (const attempt of change.attempts) this.attempts.set(attempt.id, attempt);
    for (const artifact of change.artifacts) this.artifacts.set(artifact.id, artifact);
    for (const variable of change.variables) this.variables.set(variable.id, variable);
    for (const request of change.resumeRequests) this.requests.set(request.id, request);
    this.events.push(...change.events);
    return value;
  }

  /** The history: state, attempt number and status, oldest first. */
  get history(): string[] {
    return [...this.attempts.values()].map(
      ({ state, attempt, status }) => `${state}#${attempt ?? '-'} ${status}`,
    );
  }
}

/** A report with nothing in it but what is given. */
export function makeReport(fields: Pick<StateReport, 'kind' | 'state'> & Partial<StateReport>): StateReport {
  return {
    eventId: ids.uuid(),
    message: null,
    startTime: null,
    endTime: null,
    errorMessage: null,
    errorCode: null,
    component: null,
    errorDetails: null,
    category: undefined,
    isRetryable: undefined,
    metadata: {},
    reportedBy: 'ci',
    jobId: null,
    leaseToken: null,
    takeover: false,
    artifactStorageType: null,
    artifactStoragePath: null,
    artifactSizeBytes: null,
    artifactChecksum: null,
    artifactMetadata: null,
    ...fields,
  };
}
