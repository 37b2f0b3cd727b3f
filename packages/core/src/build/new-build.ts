import { emptyChain } from '../event/chain.ts';
import type { Project } from '../project/project.ts';
import type { Build } from './build.ts';
import type { BuildHead } from './snapshot.ts';
import type { Timestamp } from './timestamp.ts';

/** What every new build says of itself. */
export interface NewBuild extends Partial<Build> {
  /** UUID. */
  readonly id: string;
  /** Unique in its project. */
  readonly buildNumber: string;
  /** When it was registered. */
  readonly createdAt: Timestamp;
}

/**
 * A build to which nothing has happened yet: pending at state 0, at version 0.
 * @param project the project that it belongs to
 * @param fields what is known of it; everything else is empty
 */
export function newBuild(project: Pick<Project, 'id' | 'name'>, fields: NewBuild): Build {
  const { id, buildNumber, createdAt, ...known } = fields;
  return {
    // In the order in which every store gives them back.
    id,
    buildNumber,
    projectId: project.id,
    project: project.name,
    platformId: null,
    platform: null,
    osVersionId: null,
    osVersion: null,
    imageTypeId: null,
    imageType: null,
    cloudProvider: null,
    osDistributionId: null,
    imageVariantId: null,
    description: null,
    currentState: 0,
    lastSuccessfulState: 0,
    failedState: null,
    status: 'pending',
    version: 0,
    nextRetryAt: null,
    parentBuildId: null,
    branchKey: null,
    branchedFromState: null,
    branchUntil: null,
    branches: null,
    resumeToken: null,
    metadata: {},
    createdBy: null,
    createdAt,
    updatedAt: createdAt,
    startTime: null,
    endTime: null,
    durationSeconds: null,
    releasableAt: null,
    history: 'full',
    deletedAt: null,
    ...known,
  };
}

/** The head of a build to which nothing has happened yet. */
export function newHead(build: Build): BuildHead {
  return {
    build,
    states: {},
    openAttempt: null,
    lastEndedAt: null,
    counts: { attempts: 0, artifacts: 0, sensitiveVariables: 0 },
    resumeTarget: null,
    lease: null,
    chain: emptyChain,
  };
}
