import type { JsonObject } from '../build/build.ts';
import type { StateCode } from '../build/state-code.ts';
import type { Timestamp } from '../build/timestamp.ts';
import type { ResumableState } from '../resume/resumable-state.ts';
import type { RetentionPolicy } from '../retention/policy.ts';
import type { FailurePattern } from '../retry/failure-patterns.ts';
import type { RetryPolicy } from '../retry/policy.ts';

/** A retry policy and what it is for. */
export interface ProjectRetryPolicy {
  /** The state, or `null` for the project's default. */
  readonly stateCode: number | null;
  /** The policy. */
  readonly policy: RetryPolicy;
}

/** A family of images with its own rules. One aggregate: loaded and compared-and-set as a whole. */
export interface Project {
  /** UUID. */
  readonly id: string;
  /** Unique, and fixed for good: it is part of builds' references and of the addresses of artifacts. */
  readonly name: string;
  /** For people. */
  readonly description: string | null;
  /** UUID of the project that this one belongs to. */
  readonly parentProjectId: string | null;
  /** URI under which workers store artifacts unless told otherwise. */
  readonly artifactBase: string | null;
  /** The user's own JSON. */
  readonly settings: JsonObject;
  /** How long its builds' histories are kept; `null` where what the store keeps is good for it. */
  readonly retention: RetentionPolicy | null;
  /** Bumped by every change of the aggregate. */
  readonly revision: number;
  /** When it was made. */
  readonly createdAt: Timestamp;
  /** When it last changed. */
  readonly updatedAt: Timestamp;
  /** When it was deleted (softly). */
  readonly deactivatedAt: Timestamp | null;
  /** The catalogue, ascending. */
  readonly stateCodes: readonly StateCode[];
  /** Policies by state, and the project's default. */
  readonly retryPolicies: readonly ProjectRetryPolicy[];
  /** Which states can be resumed, and how. */
  readonly resumableStates: readonly ResumableState[];
  /** The project's own classification of failures, looked at before the built-in table. */
  readonly failurePatterns: readonly FailurePattern[];
}
