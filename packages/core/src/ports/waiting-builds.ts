import type { Timestamp } from '../build/timestamp.ts';

/**
 * What a store answers to workers that look for something to do.
 *
 * A hint, never a right: whoever wants a build takes its lease by a guarded commit, which finds out. Promises:
 * - A build that waits (see `listWaiting`) and stays so is found. It may come late: stores that keep builds apart from
 *   their list may have to notice it first.
 * - A build that is listed may turn out not to wait, or to be taken by somebody else.
 * - SQL stores find builds by indexes: what is over costs nothing, however much of it there is. What is being worked on
 *   is looked at and left out. Stores of documents read builds one by one, from the oldest id on.
 */
export interface WaitingBuilds {
  /**
   * Builds that wait for a worker by the store's own time, oldest first: not deleted, without a live lease, and
   * - pending, or
   * - running without an open attempt, or with one whose lease has ended, or
   * - failed and due to be tried again.
   */
  listWaiting(query: WaitingQuery): Promise<readonly WaitingBuild[]>;
}

/** Which waiting builds. Conditions count together. */
export interface WaitingQuery {
  /** Of one project. */
  readonly projectId?: string | undefined;
  /** For one platform. */
  readonly platformId?: string | undefined;
  /** That would do one of certain states next. @default whichever */
  readonly next?: NextStates | undefined;
  /** Most builds that are answered. */
  readonly limit: number;
}

/** State codes from the first to the last. */
export interface StateRange {
  /** The lowest. */
  readonly first: number;
  /** The highest. */
  readonly last: number;
}

/**
 * Which builds would do a wanted state next, told by what their records say. A build with an open resume request, which
 * goes on where that leads, and a branch that ends before its parent goes on, which may stop at a state of its own, fit
 * always: stores do not look at where that is.
 */
export interface NextStates {
  /** Whether a pending build would; a branch goes by `after` instead. */
  readonly pending: boolean;
  /** `last_successful_state` of running builds, and of pending branches, that would begin a wanted state. */
  readonly after: readonly StateRange[];
  /** `current_state` of running builds that would do that one again, because it was begun and not completed. */
  readonly begun: readonly StateRange[];
  /** `failed_state` of failed builds. */
  readonly failed: readonly StateRange[];
}

/** A build that waits. */
export interface WaitingBuild {
  /** UUID. */
  readonly id: string;
  /** When it was registered. */
  readonly createdAt: Timestamp;
}
