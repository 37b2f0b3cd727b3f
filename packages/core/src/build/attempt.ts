import type { FailureCategory } from '../retry/category.ts';
import type { JsonObject, JsonValue } from './build.ts';
import type { AttemptStatus } from './status.ts';
import type { Timestamp } from './timestamp.ts';

/** What the quick reference of an attempt says of the bytes that it stored. Type and path come together or not at all. */
export interface ArtifactReference {
  /** Where the bytes are kept, in the user's own spelling: `s3`, `azure-blob`, … */
  readonly artifactStorageType: string | null;
  /** The URI or path of the bytes. */
  readonly artifactStoragePath: string | null;
  /** Size in bytes. */
  readonly artifactSizeBytes: number | null;
  /** `sha256:<hex>`, `md5:<hex>` or bare hexadecimal, as the user wrote it. */
  readonly artifactChecksum: string | null;
  /** The user's own JSON. */
  readonly artifactMetadata: JsonObject | null;
}

/** One try at a state. */
export interface Attempt extends ArtifactReference {
  /** UUID. */
  readonly id: string;
  /** UUID of the build. */
  readonly buildId: string;
  /** The report that made it. */
  readonly eventId: string;
  /** State code, 0–100. */
  readonly state: number;
  /** 1, 2, … within the build and state; `null` on a note. */
  readonly attempt: number | null;
  /** How it went. */
  readonly status: AttemptStatus;
  /** What the reporter had to say. */
  readonly message: string | null;
  /** When it began. */
  readonly startTime: Timestamp | null;
  /** Whether nobody said when it began, so that `startTime` is the end of what came before. */
  readonly startInferred: boolean;
  /** When it ended. */
  readonly endTime: Timestamp | null;
  /** From start to end. */
  readonly durationSeconds: number | null;
  /** What closed it when its own reporter did not: `next_state`, `superseded`, `lease_expired`, `released`, `cancelled`. */
  readonly closedBy: string | null;
  /** What went wrong. */
  readonly errorMessage: string | null;
  /** The tool's own code of the error. */
  readonly errorCode: string | null;
  /** Whether trying again can help. */
  readonly errorCategory: FailureCategory | null;
  /** What failed: `packer`, `ansible`, `validation`, `publishing`, or the reporter's own word. */
  readonly component: string | null;
  /** The user's own JSON. */
  readonly errorDetails: JsonValue;
  /** Failed tries of the state before this one. */
  readonly retryCount: number;
  /** The CI job when one was detected, else `user@host`. */
  readonly reportedBy: string | null;
  /** The build job that reported. */
  readonly jobId: string | null;
  /** The fencing token under which it was opened. */
  readonly leaseToken: number | null;
  /** The user's own JSON. */
  readonly metadata: JsonObject;
  /** When the row was made. */
  readonly createdAt: Timestamp;
}
