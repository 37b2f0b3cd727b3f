import type { Timestamp } from '../build/timestamp.ts';

/** The CI job behind a build or a part of it, filled in from the CI system's own environment. */
export interface BuildJob {
  /** UUID. */
  readonly id: string;
  /** UUID of the build. */
  readonly buildId: string;
  /** `github-actions`, `gitlab`, `jenkins`, `concourse`, … */
  readonly platform: string;
  /** Pipeline or workflow. */
  readonly pipelineName: string | null;
  /** Job within it. */
  readonly jobName: string | null;
  /** The job's page. */
  readonly jobUrl: string | null;
  /** The CI system's id of the job. */
  readonly jobId: string | null;
  /** The CI system's own number of the run. */
  readonly buildNumber: string | null;
  /** The person or commit behind it. */
  readonly triggeredBy: string | null;
  /** `push`, `schedule`, `manual`, … */
  readonly triggerSource: string | null;
  /** Free text; `running` unless told. */
  readonly status: string;
  /** When it began. */
  readonly startedAt: Timestamp | null;
  /** When it ended. */
  readonly completedAt: Timestamp | null;
  /** Whether it continues a build. */
  readonly isResumeJob: boolean;
  /** Where it continued. */
  readonly resumedFromState: number | null;
  /** The job before it. */
  readonly parentJobId: string | null;
  /** When it was linked. */
  readonly createdAt: Timestamp;
  /** When it last changed. */
  readonly updatedAt: Timestamp;
}
