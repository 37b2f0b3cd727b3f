import type { JsonObject } from '../build/build.ts';
import type { Timestamp } from '../build/timestamp.ts';

/** How far a resume request has come. */
export const orchestrationStatuses = [
  'pending',
  'triggered',
  'running',
  'completed',
  'failed',
  'cancelled',
] as const;
/** How far a resume request has come. */
export type OrchestrationStatus = (typeof orchestrationStatuses)[number];

/** Who asked. */
export const requestSources = ['api', 'webhook', 'cli', 'auto'] as const;
/** Who asked. */
export type RequestSource = (typeof requestSources)[number];

/** Somebody's wish that a build goes on. One is open per build at most. */
export interface ResumeRequest {
  /** UUID. */
  readonly id: string;
  /** UUID of the build. */
  readonly buildId: string;
  /** Where it goes on. */
  readonly resumeFromState: number;
  /** Where it stops; `null`: at the end. */
  readonly resumeToState: number | null;
  /** Why. */
  readonly resumeReason: string | null;
  /** Who asked. */
  readonly requestedBy: string | null;
  /** Through which door. */
  readonly requestSource: RequestSource;
  /** The CI system's id of the job. */
  readonly orchestrationJobId: string | null;
  /** The CI system's page of the job. */
  readonly orchestrationJobUrl: string | null;
  /** How far it has come. */
  readonly orchestrationStatus: OrchestrationStatus;
  /** When the CI job was triggered. */
  readonly triggeredAt: Timestamp | null;
  /** When it ended. */
  readonly completedAt: Timestamp | null;
  /** Why it failed. */
  readonly errorMessage: string | null;
  /** The user's own JSON, `orchestration_config` included. */
  readonly metadata: JsonObject;
  /** When it was made. */
  readonly createdAt: Timestamp;
  /** When it last changed. */
  readonly updatedAt: Timestamp;
}

/** Whether a request still stands. */
export function isOpen(request: ResumeRequest): boolean {
  return ['pending', 'triggered', 'running'].includes(request.orchestrationStatus);
}
