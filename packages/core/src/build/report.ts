import type { FailureCategory } from '../retry/category.ts';
import type { ArtifactReference } from './attempt.ts';
import type { JsonObject, JsonValue } from './build.ts';
import type { Timestamp } from './timestamp.ts';
import type { TransitionKind } from './transition-table.ts';

/** Who reports and under which lease. */
export interface Reporter {
  /** The CI job when one was detected, else `user@host`. */
  readonly reportedBy: string | null;
  /** The build job. */
  readonly jobId: string | null;
  /** Fencing token of the reporter's lease. */
  readonly leaseToken: number | null;
  /** Whether another reporter's unleased open attempt is taken over. */
  readonly takeover: boolean;
}

/** One message about one state, checked, resolved and redacted. */
export interface StateReport extends Reporter, ArtifactReference {
  /** Which row of the transition table. */
  readonly kind: TransitionKind;
  /** State code. */
  readonly state: number;
  /** The client-made id. */
  readonly eventId: string;
  /** What the reporter has to say. */
  readonly message: string | null;
  /** When the attempt began, where the reporter knows better. */
  readonly startTime: Timestamp | null;
  /** When it ended, where the reporter knows better. */
  readonly endTime: Timestamp | null;
  /** What went wrong. */
  readonly errorMessage: string | null;
  /** The tool's code. */
  readonly errorCode: string | null;
  /** What failed. */
  readonly component: string | null;
  /** The user's own JSON. */
  readonly errorDetails: JsonValue;
  /** The reporter's verdict. */
  readonly category: FailureCategory | undefined;
  /** The reporter's verdict in other words. */
  readonly isRetryable: boolean | undefined;
  /** The user's own JSON. */
  readonly metadata: JsonObject;
}
