import type { Lease } from '../lease/lease.ts';
import type { Project } from '../project/project.ts';
import type { Attempt } from './attempt.ts';
import type { Build } from './build.ts';
import type { Timestamp } from './timestamp.ts';

/** What a decision needs to know of all attempts of one state, so that it never has to read them. */
export interface StateRecord {
  /** State code. */
  readonly state: number;
  /** Highest attempt number used. */
  readonly attempts: number;
  /** Failed attempts since the last completion, manual retry or rollback. */
  readonly failures: number;
  /** Whether the state counts as done. A rollback clears it. */
  readonly outcome: 'completed' | 'skipped' | null;
  /** The attempt that completed or skipped it last. */
  readonly completedAttemptId: string | null;
  /** Fingerprint of the artifact of that attempt; see `artifactFingerprint`. */
  readonly artifactFingerprint: string | null;
  /** The newest attempt or note. */
  readonly lastAttemptId: string;
  /** Whether the newest attempt was abandoned. */
  readonly abandoned: boolean;
}

/** The end of a build's chain of events. */
export interface ChainHead {
  /** `seq` of the last event; 0 before the first. */
  readonly seq: number;
  /** `hash` of the last event; 64 zeros before the first. */
  readonly hash: string;
}

/** How many of each a build has, for its limits. */
export interface BuildCounts {
  /** Rows of the history. */
  readonly attempts: number;
  /** Artifact records, superseded and deleted ones included. */
  readonly artifacts: number;
  /** Sensitive variables; when 0, texts need no look at their values. */
  readonly sensitiveVariables: number;
  /** Late reports that were refused since somebody last took the build in hand. @default 0 */
  readonly rejectedReports?: number;
}

/** An accepted wish to go on at a certain state, though the table alone would not allow it. */
export interface ResumeTarget {
  /** The state that may be started. */
  readonly state: number;
  /** The resume request that was accepted. */
  readonly requestId: string;
  /** Whether the failed state is recorded as skipped when the target starts. */
  readonly skipFailed: boolean;
  /** Whether the target was started: it grants nothing any more, and the request follows the build's fate. */
  readonly started: boolean;
}

/**
 * The head of a build: all that a decision reads, of bounded size however long the history is. Stores keep it
 * beside the rows that people query and compare-and-set it as one.
 */
export interface BuildHead {
  /** The build's own record. */
  readonly build: Build;
  /** By state code; only states that were ever reported. */
  readonly states: Readonly<Record<number, StateRecord>>;
  /** The attempt that is in progress, of which there is at most one. */
  readonly openAttempt: Attempt | null;
  /** When the last attempt ended. */
  readonly lastEndedAt: Timestamp | null;
  /** How many of each. */
  readonly counts: BuildCounts;
  /** The state that an open resume request leads to. */
  readonly resumeTarget: ResumeTarget | null;
  /** The newest lease, live or not; `null` before the first. */
  readonly lease: Lease | null;
  /** The end of the chain of events. */
  readonly chain: ChainHead;
}

/** A head with the project that its rules come from. */
export interface BuildSnapshot extends BuildHead {
  /** The project's configuration. */
  readonly project: Project;
}
