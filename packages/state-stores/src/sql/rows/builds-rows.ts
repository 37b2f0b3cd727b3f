import type {
  Build,
  BuildCounts,
  BuildFacts,
  BuildHead,
  ChainHead,
  ResumeTarget,
  Timestamp,
} from '@buildstate/core';
import { recordTable, tableOf } from '../record-table.ts';

/** What a head has beyond rows that people query: kept as JSON beside the build. */
export interface StoredHead {
  /** When the last attempt ended. */
  readonly lastEndedAt: Timestamp | null;
  /** How many of each. */
  readonly counts: BuildCounts;
  /** The state that an open resume request leads to. */
  readonly resumeTarget: ResumeTarget | null;
  /** The end of the chain of events. */
  readonly chain: ChainHead;
}

/** The columns of `builds` that only decisions read. */
export interface HeadColumns {
  /** Id of the attempt in progress. */
  readonly openAttemptId: string | null;
  /**
   * Until when a lease that nobody gave up lasts without renewals, which are not written here. `null` of builds that
   * are over or failed, whoever holds them: no worker is offered those for the end of a lease.
   */
  readonly heldUntil: Timestamp | null;
  /** The rest. */
  readonly head: StoredHead;
}

/** Builds in `builds`, as they are listed. */
export const builds = recordTable<Build>('builds', {
  id: 'text',
  buildNumber: 'text',
  projectId: 'text',
  project: 'text',
  platformId: 'text',
  platform: 'text',
  osVersionId: 'text',
  osVersion: 'text',
  imageTypeId: 'text',
  imageType: 'text',
  cloudProvider: 'text',
  osDistributionId: 'text',
  imageVariantId: 'text',
  description: 'text',
  currentState: 'integer',
  lastSuccessfulState: 'integer',
  failedState: 'integer',
  status: 'text',
  version: 'integer',
  nextRetryAt: 'time',
  parentBuildId: 'text',
  branchKey: 'text',
  branchedFromState: 'integer',
  branchUntil: 'integer',
  branches: 'structure',
  resumeToken: 'text',
  metadata: 'json',
  createdBy: 'text',
  createdAt: 'time',
  updatedAt: 'time',
  startTime: 'time',
  endTime: 'time',
  durationSeconds: 'real',
  releasableAt: 'time',
  history: 'text',
  deletedAt: 'time',
});

/** The rest of the head in `builds`. */
export const headColumns = recordTable<HeadColumns>('builds', {
  openAttemptId: 'text',
  heldUntil: 'time',
  head: 'json',
});

/** A whole row of `builds`. */
export type StoredBuild = Build & HeadColumns;

/** Builds in `builds`, as they are decided on. */
export const wholeBuilds = tableOf<StoredBuild>('builds', [...builds.columns, ...headColumns.columns]);

function isUnderWay({ status, deletedAt }: Build): boolean {
  return (status === 'pending' || status === 'running') && deletedAt === null;
}

/** The row that a head makes. Attempt, lease and states have rows of their own. */
export function storedBuildOf(snapshot: BuildHead): StoredBuild {
  const { build, openAttempt, lease, lastEndedAt, counts, resumeTarget, chain } = snapshot;
  return {
    ...build,
    openAttemptId: openAttempt?.id ?? null,
    heldUntil: isUnderWay(build) && lease?.releasedAt === null ? lease.expiresAt : null,
    head: { lastEndedAt, counts, resumeTarget, chain },
  };
}

const facts = recordTable<BuildFacts>('builds', {
  id: 'text',
  buildNumber: 'text',
  projectId: 'text',
  project: 'text',
  platformId: 'text',
  platform: 'text',
  status: 'text',
  currentState: 'integer',
});

/** What a row of another table says of its build, in columns whose names begin with `of_`. */
export const buildFacts = tableOf<BuildFacts>(
  'builds',
  facts.columns.map((column) => ({ ...column, name: `of_${column.name}` as typeof column.name })),
);
