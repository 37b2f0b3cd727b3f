import type { Artifact } from '../artifact/artifact.ts';
import type { Attempt } from '../build/attempt.ts';
import type { Build } from '../build/build.ts';
import type { AttemptStatus } from '../build/status.ts';
import type { Timestamp } from '../build/timestamp.ts';
import type { OrchestrationStatus, ResumeRequest } from '../resume/resume-request.ts';
import type { Page, PageQuery } from './page.ts';

/**
 * What a store answers over all of its builds.
 *
 * Promises beyond those of the whole store:
 * - What belongs to a deleted build is left out everywhere.
 * - Lists are newest first, by `createdAt`, then `id`, then the build's id, and are paged by cursors like every list.
 * - SQL stores answer a page of a list without reading all builds. Tallies read what they count once. Stores of
 *   documents read every build for each of these answers.
 */
export interface BuildSearches {
  /** Artifacts of all builds; deleted and superseded ones only if asked for. */
  searchArtifacts(query: ArtifactSearch): Promise<Page<InBuild<Artifact>>>;
  /** What figures need of the attempts and notes of all builds. */
  searchAttempts(query: AttemptSearch): Promise<Page<InBuild<AttemptFacts>>>;
  /**
   * What figures need of the attempts of a project's newest builds, newest builds first: a bounded look at how the
   * project's states went lately. Stores of documents look at `mostRecentDocuments` builds at most.
   */
  recentAttempts(query: RecentAttempts): Promise<readonly AttemptFacts[]>;
  /** Resume requests of all builds. */
  searchResumeRequests(query: ResumeRequestSearch): Promise<Page<InBuild<ResumeRequest>>>;
  /** How many builds there are of each kind that `by` tells apart; kinds without a build are left out. In no order. */
  tallyBuilds(query: BuildTallyQuery): Promise<readonly BuildTally[]>;
  /**
   * How many artifacts there are of each kind that `by` tells apart, and their bytes. Superseded ones count, because
   * their bytes are still there; deleted ones do not. In no order.
   */
  tallyArtifacts(query: ArtifactTallyQuery): Promise<readonly ArtifactTally[]>;
}

/** What a record that was found over all builds says of its build. */
export type BuildFacts = Pick<
  Build,
  'id' | 'buildNumber' | 'projectId' | 'project' | 'platformId' | 'platform' | 'status' | 'currentState'
>;

/** A record with the build that it belongs to. */
export interface InBuild<T> {
  /** The record. */
  readonly record: T;
  /** Its build as it is now. */
  readonly build: BuildFacts;
}

/** What figures need of an attempt: short fields only, so that a hundred thousand of them can be read. */
export type AttemptFacts = Pick<
  Attempt,
  | 'id'
  | 'buildId'
  | 'state'
  | 'attempt'
  | 'status'
  | 'startTime'
  | 'startInferred'
  | 'endTime'
  | 'durationSeconds'
  | 'errorCode'
  | 'errorCategory'
  | 'component'
  | 'createdAt'
>;

/** Which artifacts of all builds. Conditions count together. */
export interface ArtifactSearch extends PageQuery {
  /** In builds of one project. */
  readonly projectId?: string | undefined;
  /** A text that name, type or path contains, ignoring case. */
  readonly q?: string | undefined;
  /** With this digest: lower-case hexadecimal without a prefix, of either algorithm. */
  readonly checksum?: string | undefined;
  /**
   * That were made from these inputs: the text `made_from` of their metadata. Stores of documents look at
   * `mostRecentDocuments` of the newest builds at most.
   */
  readonly madeFrom?: string | undefined;
  /** With one of these ids. */
  readonly ids?: readonly string[] | undefined;
  /** That name one of these artifacts among their `parents`, which never change once the artifact is there. */
  readonly parents?: readonly string[] | undefined;
  /** Of this type. */
  readonly artifactType?: string | undefined;
  /** Final or not. */
  readonly isFinal?: boolean | undefined;
  /** Pinned or not. */
  readonly isPinned?: boolean | undefined;
  /** Whether deleted and superseded ones are listed. */
  readonly includeDeleted?: boolean | undefined;
}

/** A stretch of time, by when records were made. */
export interface Stretch {
  /** Made at or after this. */
  readonly since?: Timestamp | undefined;
  /** Made before this. */
  readonly until?: Timestamp | undefined;
}

/** Which attempts of all builds. Conditions count together. */
export interface AttemptSearch extends PageQuery, Stretch {
  /** In builds of one project. */
  readonly projectId?: string | undefined;
  /** In builds for one platform. */
  readonly platformId?: string | undefined;
  /** Of one state. */
  readonly state?: number | undefined;
  /** With one of these statuses. */
  readonly statuses?: readonly AttemptStatus[] | undefined;
  /** Of one component. */
  readonly component?: string | undefined;
}

/** How many builds stores of documents, which have to read each of them, look at where a bounded look will do. */
export const mostRecentDocuments = 25;

/** Which attempts of a project's newest builds. */
export interface RecentAttempts {
  /** The project. */
  readonly projectId: string;
  /** How many of its builds to look at. */
  readonly builds: number;
  /** With one of these statuses. */
  readonly statuses: readonly AttemptStatus[];
}

/** Which resume requests of all builds. Conditions count together. */
export interface ResumeRequestSearch extends PageQuery, Stretch {
  /** For builds of one project. */
  readonly projectId?: string | undefined;
  /** That have come this far. */
  readonly statuses?: readonly OrchestrationStatus[] | undefined;
}

/** What builds can be told apart by. */
export type BuildTrait = 'projectId' | 'platformId' | 'currentState' | 'status' | 'history';

/** Which builds are counted, and what by. */
export interface BuildTallyQuery extends Stretch {
  /** What builds are told apart by; nothing: all are one kind. */
  readonly by: readonly BuildTrait[];
  /** That are over, and came to their end at or after this. */
  readonly endedSince?: Timestamp | undefined;
  /** Of one project. */
  readonly projectId?: string | undefined;
  /** For one platform. */
  readonly platformId?: string | undefined;
}

/** How many builds are of one kind. The traits are those of `by`. */
export type BuildTally = Partial<Pick<Build, BuildTrait>> & {
  /** How many. */
  readonly count: number;
};

/** What artifacts can be told apart by. */
export type ArtifactTrait = 'storageBackend' | 'artifactType';

/** Which artifacts are counted, and what by. */
export interface ArtifactTallyQuery {
  /** What artifacts are told apart by; nothing: all are one kind. */
  readonly by: readonly ArtifactTrait[];
  /** In builds of one project. */
  readonly projectId?: string | undefined;
}

/** How many artifacts are of one kind. The traits are those of `by`. */
export type ArtifactTally = Partial<Pick<Artifact, ArtifactTrait>> & {
  /** How many. */
  readonly count: number;
  /** The sum of the sizes that are known. */
  readonly bytes: number;
  /** How many have no known size. */
  readonly unsized: number;
};
