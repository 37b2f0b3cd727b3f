import type { Build, BuildHistory } from '../build/build.ts';
import type { Timestamp } from '../build/timestamp.ts';
import type { Page, PageQuery } from './page.ts';

/** Which ended builds. */
export interface EndedBuildQuery extends PageQuery {
  /** Of whose history so much is there. */
  readonly history: Exclude<BuildHistory, 'none'>;
  /** That ended before this. */
  readonly endedBefore: Timestamp;
}

/** Which part of a build's history goes. */
export interface HistoryCut {
  /** Events up to this `seq` go; the next one stands for them. */
  readonly upToSeq: number;
  /** What the build's record says of its history once all of it is gone. */
  readonly history: BuildHistory;
  /** Most rows of one kind that go in one step. At least 1. */
  readonly limit: number;
}

/**
 * The part of a store that lets go of history. It decides nothing: which builds, and what stands for what goes, is the
 * caller's business.
 */
export interface Histories {
  /** Builds that were completed, cancelled or deleted, deleted ones included, by the time of their end, ascending. */
  listEndedBuilds(query: EndedBuildQuery): Promise<Page<Build>>;
  /**
   * Removes a part of the history of a build that has ended: attempts and the answers to their reports, variables with
   * the values that they had before, resume requests, jobs, and events up to a `seq`. Artifacts, the head and later
   * events stay. Each call is one short write; what it removed stays removed. Once nothing is left that goes, it notes
   * so in the build's record, without a new version, and answers true: call it until then. A build that has not ended is
   * left as it is, and so is one that is not there; that is true as well.
   */
  trimHistory(buildId: string, cut: HistoryCut): Promise<boolean>;
}
