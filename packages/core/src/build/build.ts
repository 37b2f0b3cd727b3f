import type { Branch } from '../branch/branch.ts';
import type { BuildStatus } from './status.ts';
import type { Timestamp } from './timestamp.ts';

/** A JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
/** A JSON object whose keys belong to the user: they are never renamed or interpreted. */
export type JsonObject = { readonly [key: string]: JsonValue };

/**
 * How much of a build's history is there. `full`: all of it. `snapshots`: how it stood at the end of each week in which
 * it changed. `none`: the record of the build and its artifacts alone.
 */
export const buildHistories = ['full', 'snapshots', 'none'] as const;
/** How much of a build's history is there. */
export type BuildHistory = (typeof buildHistories)[number];

/** One run that produces one image. */
export interface Build {
  /** UUID. */
  readonly id: string;
  /** Unique in its project. */
  readonly buildNumber: string;
  /** UUID of the project. */
  readonly projectId: string;
  /** The project's name. */
  readonly project: string;
  /** UUID of the platform. */
  readonly platformId: string | null;
  /** Name of the platform when the build was made. */
  readonly platform: string | null;
  /** UUID of the operating system's version. */
  readonly osVersionId: string | null;
  /** Name of the operating system's version when the build was made. */
  readonly osVersion: string | null;
  /** UUID of the image type. */
  readonly imageTypeId: string | null;
  /** Name of the image type when the build was made. */
  readonly imageType: string | null;
  /** Where the image is made for: `aws`, `azure`, `gcp`, `vsphere`, …; free text. */
  readonly cloudProvider: string | null;
  /** UUID of the operating system's distribution. */
  readonly osDistributionId: string | null;
  /** UUID of the image variant. */
  readonly imageVariantId: string | null;
  /** For people. */
  readonly description: string | null;
  /** The furthest state started or completed; only a rollback lowers it. */
  readonly currentState: number;
  /** The furthest state completed or skipped; 0 at the start. Drives resume, waits and triggers. */
  readonly lastSuccessfulState: number;
  /** The state that failed, while the build is failed. */
  readonly failedState: number | null;
  /** How the build is. */
  readonly status: BuildStatus;
  /** Bumped by every change. */
  readonly version: number;
  /** When the failed state is due to be tried again by itself. */
  readonly nextRetryAt: Timestamp | null;
  /** The build that this one branched from. */
  readonly parentBuildId: string | null;
  /** The branch's key within its parent. */
  readonly branchKey: string | null;
  /** The parent's state at which this build branched off. */
  readonly branchedFromState: number | null;
  /** Where this branch ends and its parent waits for it; `null` for builds that go on to the end of the catalogue. */
  readonly branchUntil: number | null;
  /** The branches that were forked from this build; `null` before the first. */
  readonly branches: readonly Branch[] | null;
  /** Correlates a resumed CI job with the request that started it. */
  readonly resumeToken: string | null;
  /** The user's own JSON. */
  readonly metadata: JsonObject;
  /** Who or what made the build. */
  readonly createdBy: string | null;
  /** When it was registered. */
  readonly createdAt: Timestamp;
  /** When it last changed. */
  readonly updatedAt: Timestamp;
  /** When its first state started. */
  readonly startTime: Timestamp | null;
  /** When it was completed or cancelled, or deleted before that. */
  readonly endTime: Timestamp | null;
  /** From start to end. */
  readonly durationSeconds: number | null;
  /** When the first of its artifacts was promoted; `null` while none is. */
  readonly releasableAt: Timestamp | null;
  /** How much of its history is there. Set by the store that lets go of it. */
  readonly history: BuildHistory;
  /** When it was deleted (softly). */
  readonly deletedAt: Timestamp | null;
}
