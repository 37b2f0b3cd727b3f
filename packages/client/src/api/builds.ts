import type { OperationAnswer } from '@buildstate/core';
import { type BodyOf, type CallOptions, type Paging, type QueryOf, queryTexts } from './call.ts';
import type { EventRecord } from './events.ts';
import type { ClaimOptions, ClaimRecord } from './leases.ts';
import type { Listing } from './listing.ts';
import type { Operations } from './operations.ts';
import { type BatchOptions, type BatchOutcome, recordInParts } from './record-in-parts.ts';

/** A build with what is going on in it: open attempt, last failure, live lease, artifact base. */
export type BuildDetails = OperationAnswer<'getBuild'>;
/** A build in a list. */
export type BuildSummary = OperationAnswer<'listBuilds'>[number];
/** Where a build is and how it came there. */
export type BuildStateRecord = OperationAnswer<'getBuildState'>;
/** One try at a state. */
export type AttemptRecord = OperationAnswer<'listAttempts'>[number];
/** A failed attempt. */
export type FailureRecord = OperationAnswer<'listFailures'>[number];
/** Builds side by side, state by state. */
export type BuildComparison = OperationAnswer<'compareBuilds'>;
/** The tree of branches that a build is in. */
export type BuildTree = OperationAnswer<'getTree'>;
/** What a branch is forked with. */
export type ForkWish = BodyOf<'forkBuild'>;
/** The answer to a report: the attempt, where the build is now, and after a failure the retry decision. */
export type ReportAnswer = OperationAnswer<'recordState'>;
/** One message about a build. `eventId` and `reportedBy` are filled in when left out. */
export type StateReport = BodyOf<'recordState'>;
/** A report of a failure. `eventId` and `reportedBy` are filled in when left out. */
export type FailureReport = BodyOf<'recordFailure'>;

/** Builds. A build is named by its id, a unique prefix of it, or `project:build_number`. */
export interface BuildsApi {
  /** Registers a build. @throws AlreadyExistsError when its number is taken */
  create(build: BodyOf<'createBuild'>, options?: CallOptions): Promise<BuildDetails>;
  /** Builds, newest first. */
  list(query?: Omit<QueryOf<'listBuilds'>, Paging>, options?: CallOptions): Listing<BuildSummary>;
  /** One build. @throws NotFoundError */
  get(build: string, options?: CallOptions): Promise<BuildDetails>;
  /** The full id of a build. @throws NotFoundError; ValidationError for an ambiguous prefix */
  resolve(build: string, options?: CallOptions): Promise<string>;
  /** Changes description or metadata. */
  update(build: string, changes: BodyOf<'updateBuild'>, options?: CallOptions): Promise<BuildDetails>;
  /** Deletes a build (softly). Needs the admin scope. */
  delete(build: string, options?: CallOptions): Promise<void>;
  /** Where a build is, with its whole history. */
  state(build: string, options?: CallOptions): Promise<BuildStateRecord>;
  /** All attempts, oldest first. */
  attempts(
    build: string,
    query?: Omit<QueryOf<'listAttempts'>, Paging>,
    options?: CallOptions,
  ): Listing<AttemptRecord>;
  /** Failed attempts, oldest first. */
  failures(
    build: string,
    query?: Omit<QueryOf<'listFailures'>, Paging>,
    options?: CallOptions,
  ): Listing<FailureRecord>;
  /** The history, oldest first. */
  events(
    build: string,
    query?: Omit<QueryOf<'listEvents'>, Paging>,
    options?: CallOptions,
  ): Listing<EventRecord>;
  /**
   * Records one transition: the one way a build moves. See `client.report` for one that survives a server
   * that is away.
   * @throws IllegalTransitionError, StateInProgressError, LeaseLostError, MissingPrerequisitesError,
   *   BuildClosedError, ValidationError, NotFoundError
   */
  record(build: string, report: StateReport, options?: CallOptions): Promise<ReportAnswer>;
  /**
   * Records many transitions, in order, each for itself: a refused one is told in its result and, unless
   * `stopOnError`, does not keep the later ones from being recorded. Long lists go in several requests.
   */
  recordAll(build: string, reports: readonly StateReport[], options?: BatchOptions): Promise<BatchOutcome>;
  /** Records that a state (default: the current one) failed; the answer holds the retry decision. */
  fail(build: string, failure: FailureReport, options?: CallOptions): Promise<ReportAnswer>;
  /** Notes that a report which came late was refused; the build needs attention until somebody takes it in hand. */
  rejectReport(
    build: string,
    rejection: BodyOf<'rejectReport'>,
    options?: CallOptions,
  ): Promise<OperationAnswer<'rejectReport'>>;
  /** Two to ten builds side by side, state by state. @throws ValidationError, NotFoundError */
  compare(builds: readonly string[], options?: CallOptions): Promise<BuildComparison>;
  /**
   * Forks a branch: a build of its own that begins after a state which this one has completed. The same wish again
   * answers the same branch.
   * @throws AlreadyExistsError for a key that was forked otherwise, IllegalTransitionError, BuildClosedError
   */
  fork(build: string, wish: ForkWish, options?: CallOptions): Promise<BuildDetails>;
  /** Lets a build go on without one of its branches. @throws NotFoundError */
  letBranchGo(build: string, key: string, options?: CallOptions): Promise<void>;
  /** The whole tree that a build is in, from the root; with `outlook` what is to be expected of each, too. */
  tree(build: string, query?: QueryOf<'getTree'>, options?: CallOptions): Promise<BuildTree>;
  /** Clears a failure by hand, so that its state may start again. */
  retry(build: string, how?: BodyOf<'retryBuild'>, options?: CallOptions): Promise<BuildDetails>;
  /** Goes back to an earlier completed state. */
  rollback(build: string, how?: BodyOf<'rollbackBuild'>, options?: CallOptions): Promise<BuildDetails>;
  /**
   * Claims the oldest build that waits for a worker, with its lease, for callers that renew by themselves; see
   * `leases.claim`. `undefined` when there is none.
   */
  claim(options?: ClaimOptions): Promise<ClaimRecord | undefined>;
  /** Gives a build up. */
  cancel(build: string, how?: BodyOf<'cancelBuild'>, options?: CallOptions): Promise<BuildDetails>;
}

/**
 * The facade's part for builds.
 * @param claim how builds are claimed
 */
export function buildsApi(operations: Operations, claim: BuildsApi['claim']): BuildsApi {
  const { call, list } = operations;
  const by = () => ({ reportedBy: operations.reporter() });
  const params = (buildId: string) => ({ buildId });
  const get = (build: string, options?: CallOptions) => call('getBuild', { params: params(build) }, options);
  return {
    create: (body, options) => call('createBuild', { body }, options),
    list: (query = {}, options) => list('listBuilds', {}, query, options),
    get,
    resolve: async (build, options) => (await get(build, options)).id,
    update: (build, body, options) => call('updateBuild', { params: params(build), body }, options),
    delete: (build, options) => call('deleteBuild', { params: params(build) }, options),
    state: (build, options) => call('getBuildState', { params: params(build) }, options),
    attempts: (build, query = {}, options) => list('listAttempts', params(build), query, options),
    failures: (build, query = {}, options) => list('listFailures', params(build), query, options),
    events: (build, query = {}, options) => list('listEvents', params(build), query, options),
    record: (build, report, options) =>
      call('recordState', { params: params(build), body: { ...by(), ...report } }, options),
    recordAll: (build, reports, options) =>
      recordInParts(
        operations,
        build,
        reports.map((report) => ({ ...by(), ...report })),
        options,
      ),
    fail: (build, failure, options) =>
      call('recordFailure', { params: params(build), body: { ...by(), ...failure } }, options),
    rejectReport: (build, body, options) => call('rejectReport', { params: params(build), body }, options),
    compare: (builds, options) => call('compareBuilds', { query: { ids: builds.join(',') } }, options),
    fork: (build, wish, options) =>
      call(
        'forkBuild',
        // Only a fork that replaces a branch is another one each time that it is asked for.
        { params: params(build), body: wish.again === true ? { id: operations.ids.uuid(), ...wish } : wish },
        options,
      ),
    letBranchGo: (build, branchKey, options) =>
      call('letBranchGo', { params: { buildId: build, branchKey } }, options),
    tree: (build, query = {}, options) =>
      call('getTree', { params: params(build), query: queryTexts<'getTree'>(query) }, options),
    retry: (build, how, options) =>
      call('retryBuild', { params: params(build), body: { ...by(), ...how } }, options),
    rollback: (build, how, options) =>
      call('rollbackBuild', { params: params(build), body: { ...by(), ...how } }, options),
    claim,
    cancel: (build, how, options) =>
      call('cancelBuild', { params: params(build), body: { ...by(), ...how } }, options),
  };
}
