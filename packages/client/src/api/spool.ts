import type { BuildStateError, OperationName } from '@buildstate/core';
import type { CallOptions } from './call.ts';

/** A report on disk. */
export interface SpooledReport {
  /** The build, as it was named. */
  readonly build: string;
  /** What it is: `recordState` or `recordFailure`. */
  readonly operation: OperationName;
  /** The report's fields, without those that hold the user's own texts. */
  readonly eventId: string;
  /** The state that it is about, where it names one. */
  readonly state?: number | string;
  /** How the state went, where it says so. */
  readonly status?: string;
  /** When it was written: ISO 8601, UTC. */
  readonly spooledAt: string;
}

/** A report that the tracker refused when it was delivered late. */
export interface RejectedReport extends SpooledReport {
  /** The error's code, such as `illegal_transition`. */
  readonly code: string;
  /** Why, as a sentence. */
  readonly reason: string;
  /** When it was refused: ISO 8601, UTC. */
  readonly rejectedAt: string;
}

/** What became of waiting reports. */
export interface FlushResult {
  /** Reports that arrived. */
  readonly delivered: number;
  /** Reports that the tracker refused; see `rejected()`. */
  readonly rejected: number;
  /** Reports that still wait. */
  readonly waiting: number;
  /** Why some still wait: the tracker is away or did not accept the key. Nothing when another process delivers. */
  readonly reason?: BuildStateError;
}

/** Reports on this machine's disk that could not be delivered to this tracker. */
export interface SpoolApi {
  /** Delivers what waits, in order per build. A tracker that is away is no error: see `waiting`. */
  flush(options?: CallOptions): Promise<FlushResult>;
  /** What waits, in order per build. */
  waiting(): Promise<readonly SpooledReport[]>;
  /** What was refused and has not been dismissed. */
  rejected(): Promise<readonly RejectedReport[]>;
  /** Forgets refused reports: one of them, or all. Answers how many there were. */
  dismiss(eventId?: string): Promise<number>;
}
