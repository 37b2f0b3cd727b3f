import type { Timestamp } from '../build/timestamp.ts';

/**
 * How a build goes on after a failure. `from_artifact`: the failed state again, with the newest resumable
 * artifacts. `rerun_state`: the failed state as it is. `skip_to_next`: the failed state is skipped.
 */
export const resumeStrategies = ['from_artifact', 'rerun_state', 'skip_to_next'] as const;
/** How a build goes on after a failure. */
export type ResumeStrategy = (typeof resumeStrategies)[number];

/** What a project says about resuming at a state. */
export interface ResumableState {
  /** UUID. */
  readonly id: string;
  /** UUID of the project. */
  readonly projectId: string;
  /** The state. */
  readonly stateCode: number;
  /** Whether a build can go on here; when not, it falls back to the nearest state before that can. */
  readonly isResumable: boolean;
  /** How. */
  readonly resumeStrategy: ResumeStrategy;
  /** Names or types of artifacts that must be there. */
  readonly requiredArtifacts: readonly string[];
  /** Keys of variables that must be set. */
  readonly requiredVariables: readonly string[];
  /** What somebody runs to go on; shown, never executed. */
  readonly resumeCommand: string | null;
  /** How long a resumed job may take, in seconds. @default 3600 */
  readonly resumeTimeoutSeconds: number;
  /** For people. */
  readonly description: string | null;
  /** For people. */
  readonly notes: string | null;
  /** When it was made. */
  readonly createdAt: Timestamp;
  /** When it last changed. */
  readonly updatedAt: Timestamp;
}
