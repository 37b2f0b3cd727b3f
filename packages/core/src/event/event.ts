import type { JsonObject } from '../build/build.ts';
import type { Timestamp } from '../build/timestamp.ts';

/** What can happen to a build. */
export const eventTypes = [
  'build.created',
  'build.updated',
  'build.completed',
  'build.failed',
  'build.cancelled',
  'build.deleted',
  'build.branched',
  'build.branch_let_go',
  'build.trimmed',
  'state.started',
  'state.completed',
  'state.failed',
  'state.skipped',
  'state.retried',
  'state.rolled_back',
  'state.abandoned',
  'state.stalled',
  'artifact.registered',
  'artifact.updated',
  'artifact.verified',
  'artifact.corrupt',
  'artifact.missing',
  'artifact.deleted',
  'artifact.promoted',
  'artifact.superseded',
  'variable.set',
  'variable.deleted',
  'resume.requested',
  'resume.triggered',
  'resume.completed',
  'resume.failed',
  'lease.acquired',
  'lease.released',
  'lease.lost',
  'job.linked',
  'job.updated',
  'report.rejected',
] as const;
/** A type of event. */
export type EventType = (typeof eventTypes)[number];

/** Something that happened, before it has its place in the chain. Secrets never enter `data`. */
export interface PendingEvent {
  /** What happened. */
  readonly type: EventType;
  /** Id of who made it happen; ids only, so that erasing a person leaves the chain whole. */
  readonly actorId: string;
  /** When. */
  readonly at: Timestamp;
  /** Snake-case facts. */
  readonly data: JsonObject;
}

/** A link of a build's chain of events: the outbox and the audit trail in one. */
export interface BuildEvent extends PendingEvent {
  /** UUID of the build. */
  readonly buildId: string;
  /** 1, 2, … without gaps within the build. */
  readonly seq: number;
  /** `hash` of the event before; 64 zeros for the first. */
  readonly prevHash: string;
  /** SHA-256 of the canonical JSON of everything above. */
  readonly hash: string;
  /** The signature of a checkpoint, `key:signature`, over build, `seq` and `hash`; `null` for other events. */
  readonly signature: string | null;
}
