import type { ApiToken } from '../access/api-token.ts';
import type { Artifact } from '../artifact/artifact.ts';
import type { Attempt } from '../build/attempt.ts';
import type { Build } from '../build/build.ts';
import type { BuildHead, BuildSnapshot, StateRecord } from '../build/snapshot.ts';
import type { AttemptStatus, BuildStatus } from '../build/status.ts';
import type { Timestamp } from '../build/timestamp.ts';
import type { BuildEvent } from '../event/event.ts';
import type { BuildJob } from '../job/build-job.ts';
import type { Lease } from '../lease/lease.ts';
import type { Project } from '../project/project.ts';
import type { Reference, ReferenceKind } from '../project/reference.ts';
import type { ResumeRequest } from '../resume/resume-request.ts';
import type { Variable } from '../variable/variable.ts';
import type { Actors } from './actors.ts';
import type { Duties } from './duties.ts';
import type { EventStream } from './event-stream.ts';
import type { Histories } from './history.ts';
import type { KeyedRequests } from './keyed-requests.ts';
import type { Page, PageQuery } from './page.ts';
import type { RememberedReport } from './remembered-report.ts';
import type { BuildSearches } from './searches.ts';
import type { StoreInspections } from './store-inspection.ts';
import type { StoreUpkeep } from './store-upkeep.ts';
import type { WatchedStore } from './store-watch.ts';
import type { WaitingBuilds } from './waiting-builds.ts';
import type { WholeBuilds } from './whole-builds.ts';

export type { Page, PageQuery } from './page.ts';
export type { RememberedReport } from './remembered-report.ts';

/**
 * The contract of a place that keeps builds. A store decides nothing about builds: it loads, and it writes what
 * the tracker decided if the build is still the version that the decision was made on.
 *
 * Promises that every store keeps, and that the conformance suite checks:
 * - **Compare-and-set**: `commitBuild` writes all of a change or nothing, and only if the stored `version` (and,
 *   where named, the lease) is the expected one. Two commits with the same expectation never both apply.
 * - **Acknowledged is durable**: when a write resolves, it survives a crash of the process and, as far as the
 *   medium can promise that, of the machine.
 * - **Read your writes**: a load after a resolved commit sees it, from any process.
 * - **Bounded heads**: loading a build costs the same with 5 attempts and with 5,000.
 * - **Errors**: `StoreError` or `UnavailableError`; a lost compare-and-set is a value, not an error.
 * - **Concurrency**: all methods may be called at the same time, also from several processes.
 */
export interface StateStore
  extends Actors,
    BuildSearches,
    Duties,
    Histories,
    KeyedRequests,
    Partial<EventStream>,
    Partial<WatchedStore>,
    StoreInspections,
    StoreUpkeep,
    WaitingBuilds,
    WholeBuilds {
  /** What kind it is: `memory`, `sqlite`, `file`, `postgres`, … */
  readonly kind: string;
  /** Where it is, for people; never with credentials. */
  readonly uri: string;
  /** What it can do beyond the contract. */
  readonly capabilities: StoreCapabilities;

  /** Creates or migrates what is missing and checks that the store can be used. Called once before anything else. */
  open(): Promise<void>;
  /** Waits for writes under way and frees handles. The store cannot be used afterwards. */
  close(): Promise<void>;
  /** Answers when the store can serve. @throws UnavailableError */
  ping(): Promise<void>;

  /** The project with this id or name, deactivated ones included. */
  loadProject(ref: ProjectRef): Promise<Project | undefined>;
  /** Projects by name, ascending. */
  listProjects(query: ProjectQuery): Promise<Page<Project>>;
  /**
   * Writes a whole project if its stored revision is `expected` (0: if neither id nor name is taken).
   * The record's own `revision` is the new one. False when the expectation does not hold.
   */
  saveProject(project: Project, expected: number): Promise<boolean>;

  /** The entry with this id or name, deactivated ones included. */
  loadReference(kind: ReferenceKind, ref: ProjectRef): Promise<Reference | undefined>;
  /** Entries by name, ascending. */
  listReferences(kind: ReferenceKind, query: ProjectQuery): Promise<Page<Reference>>;
  /**
   * Adds or replaces an entry by id. False when another entry has the name, or when the expectation does not hold.
   * @param expected `null`: neither id nor name is taken; a time: the stored entry's `updatedAt` is this one.
   *   @default whatever is stored is replaced
   */
  saveReference(
    kind: ReferenceKind,
    reference: Reference,
    expected?: Timestamp | null | undefined,
  ): Promise<boolean>;

  /**
   * Writes a new build. The id of the existing build when its id or its number in the project is taken,
   * deleted builds included.
   */
  createBuild(change: BuildChange): Promise<{ readonly existing?: string }>;
  /** Ids of the builds that a reference names: at most two, so that the caller sees when it is ambiguous. */
  findBuilds(ref: BuildRef): Promise<readonly string[]>;
  /** A build's head with what else the decision needs, and the store's own time. */
  loadBuild(id: string, needs?: LoadNeeds): Promise<LoadedBuild | undefined>;
  /** Writes a change if the build still is what it was decided on. */
  commitBuild(change: BuildChange): Promise<'applied' | 'conflict'>;
  /**
   * A heartbeat: moves `expiresAt` to the store's now plus the lease's `ttlSeconds` and counts the renewal,
   * without touching the version. `undefined` when the token is not the newest or the lease was released.
   */
  renewLease(buildId: string, token: number): Promise<Lease | undefined>;

  /**
   * The records of some builds as they are now, deleted ones included, in any order. Those that are not there are left
   * out. One read where the store can, for at most some thousand ids.
   */
  loadBuilds(ids: readonly string[]): Promise<readonly Build[]>;
  /** Builds, newest first; deleted ones left out. */
  listBuilds(query: BuildQuery): Promise<Page<Build>>;
  /** Attempts of a build, oldest first. */
  listAttempts(buildId: string, query: AttemptQuery): Promise<Page<Attempt>>;
  /** One attempt. */
  loadAttempt(buildId: string, attemptId: string): Promise<Attempt | undefined>;
  /** Artifacts of a build by state, then by age, ascending. */
  listArtifacts(buildId: string, query: ArtifactQuery): Promise<Page<Artifact>>;
  /** Variables of a build by key, deleted ones left out. */
  listVariables(buildId: string): Promise<readonly Variable[]>;
  /** Events of a build, oldest first. */
  listEvents(buildId: string, query: EventQuery): Promise<Page<BuildEvent>>;
  /** Resume requests of a build, newest first. */
  listResumeRequests(buildId: string): Promise<readonly ResumeRequest[]>;
  /** A resume request whose build the caller does not know. */
  findResumeRequest(requestId: string): Promise<ResumeRequest | undefined>;
  /** Jobs of a build, oldest first. */
  listJobs(buildId: string): Promise<readonly BuildJob[]>;

  /** The key with this id, revoked ones included. */
  loadToken(id: string): Promise<ApiToken | undefined>;
  /** Keys, oldest first. */
  listTokens(): Promise<readonly ApiToken[]>;
  /** Adds or replaces a key by id. */
  saveToken(token: ApiToken): Promise<void>;
  /**
   * Sets when a key was last used, and nothing else, so that noting a use can never undo a revocation that
   * happens at the same time. An unknown id is no error.
   */
  touchToken(id: string, lastUsedAt: Timestamp): Promise<void>;
}

/** What a store can do beyond the contract. */
export interface StoreCapabilities {
  /** Whether other processes may use it at the same time. */
  readonly shared: boolean;
  /** Whether what it acknowledged outlives the process. */
  readonly durable: boolean;
  /** Whether people can query it by SQL. */
  readonly sql: boolean;
  /** Whether it has one ordered stream of events over all builds: it has the methods of `EventStream`. */
  readonly globalStream: boolean;
  /**
   * Whether commits refuse a report that is known and can depend on the revision of the build's project: what a
   * decision on a head needs that was not read just before. @default false
   */
  readonly guardsRecentHeads?: boolean;
  /** Whether it gives word of what is written, by whatever process: it has `watch`. @default false */
  readonly push?: boolean;
}

/** A name or an id of a project or a reference. */
export type ProjectRef = { readonly id: string } | { readonly name: string };

/** How a build can be named. */
export type BuildRef =
  | { readonly id: string }
  /** The beginning of an id, of one project's builds where that is named. */
  | { readonly idPrefix: string; readonly projectId?: string | undefined }
  | { readonly projectId: string; readonly buildNumber: string };

/** Which projects or references. */
export interface ProjectQuery extends PageQuery {
  /** Whether deactivated ones are listed. */
  readonly includeDeactivated?: boolean | undefined;
}

/** Which builds. */
export interface BuildQuery extends PageQuery {
  /** Of one project. */
  readonly projectId?: string | undefined;
  /** With this status. */
  readonly status?: BuildStatus | undefined;
  /** With one of these statuses. */
  readonly statuses?: readonly BuildStatus[] | undefined;
  /** For one platform. */
  readonly platformId?: string | undefined;
  /** `current_state` at least. */
  readonly stateMin?: number | undefined;
  /** `current_state` at most. */
  readonly stateMax?: number | undefined;
  /** Branches of one build. */
  readonly parentBuildId?: string | undefined;
  /** A text that number or description contains, ignoring case. */
  readonly q?: string | undefined;
  /** Made at or after this. */
  readonly since?: Timestamp | undefined;
}

/** Which attempts. */
export interface AttemptQuery extends PageQuery {
  /** Of one state. */
  readonly state?: number | undefined;
  /** Of states above this one. */
  readonly stateAbove?: number | undefined;
  /** With one of these statuses. */
  readonly statuses?: readonly AttemptStatus[] | undefined;
}

/** Which artifacts. */
export interface ArtifactQuery extends PageQuery {
  /** One record. */
  readonly id?: string | undefined;
  /** Of one state. */
  readonly stateCode?: number | undefined;
  /** With this name. */
  readonly artifactName?: string | undefined;
  /** Of this type. */
  readonly artifactType?: string | undefined;
  /** Resumable or not. */
  readonly isResumable?: boolean | undefined;
  /** Final or not. */
  readonly isFinal?: boolean | undefined;
  /** Whether deleted and superseded ones are listed. */
  readonly includeDeleted?: boolean | undefined;
}

/** Which events. */
export interface EventQuery extends PageQuery {
  /** Only those after this `seq`. */
  readonly afterSeq?: number | undefined;
}

/** What a decision needs besides the head. */
export interface LoadNeeds {
  /** An `event_id`: what did its report answer, if it is known? */
  readonly eventId?: string | undefined;
  /** All attempts with one of these statuses above a state. */
  readonly attempts?:
    | { readonly stateAbove: number; readonly statuses: readonly AttemptStatus[] }
    | undefined;
  /** All live artifacts, or also the superseded and deleted ones. */
  readonly artifacts?: 'live' | 'all' | undefined;
  /** All live variables. */
  readonly variables?: boolean | undefined;
  /** All resume requests. */
  readonly resumeRequests?: boolean | undefined;
  /** All jobs. */
  readonly jobs?: boolean | undefined;
}

/** What `loadBuild` answers. Lists that were not asked for are empty. */
export interface LoadedBuild {
  /** Head and project. */
  readonly snapshot: BuildSnapshot;
  /** The store's time when it was read, in milliseconds since the epoch. */
  readonly now: number;
  /** The first answer to the report asked for. */
  readonly answered?: RememberedReport | undefined;
  /** As asked for in `needs.attempts`, oldest first. */
  readonly attempts: readonly Attempt[];
  /** As asked for in `needs.artifacts`, by state and age. */
  readonly artifacts: readonly Artifact[];
  /** By key. */
  readonly variables: readonly Variable[];
  /** Newest first. */
  readonly resumeRequests: readonly ResumeRequest[];
  /** Oldest first. */
  readonly jobs: readonly BuildJob[];
}

/** All that one decision changes about one build, written in one atomic step. Lists are upserts by `id`. */
export interface BuildChange {
  /** The build as it must still be; `null` when it is created. */
  readonly expected: {
    /** The version that was decided on. */
    readonly version: number;
    /** The lease's token and renewals that were decided on, when the decision rests on its expiry. */
    readonly lease?: { readonly token: number; readonly renewals: number } | undefined;
    /** The project's revision that was decided on, when it was not read just before; see `guardsRecentHeads`. */
    readonly projectRevision?: number | undefined;
  } | null;
  /**
   * The head that was decided on, for stores that write only what differs: where `expected` holds, it is what is stored,
   * but for renewals of its lease. @default not known, and all of the new head is written
   */
  readonly before?: BuildHead | undefined;
  /** The build's new head, with the new version. Its lease is written only if `leaseChanged`. */
  readonly head: BuildHead;
  /** Whether `head.lease` differs from what was loaded; when not, a renewal in between must survive. */
  readonly leaseChanged: boolean;
  /** The records of `head.states` that were added or changed, so that a store need not write all of them. */
  readonly states: readonly StateRecord[];
  /** Attempts added or changed. */
  readonly attempts: readonly Attempt[];
  /** Artifacts added or changed. */
  readonly artifacts: readonly Artifact[];
  /** Variables added or changed; the store keeps the row they replace as history. */
  readonly variables: readonly Variable[];
  /** Resume requests added or changed. */
  readonly resumeRequests: readonly ResumeRequest[];
  /** Jobs added or changed. */
  readonly jobs: readonly BuildJob[];
  /** Events to append; their `seq` follows the expected head's. */
  readonly events: readonly BuildEvent[];
  /** The report that is counted by this change. */
  readonly report?: RememberedReport | undefined;
}
