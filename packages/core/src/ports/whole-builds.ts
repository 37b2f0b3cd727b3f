import type { Artifact } from '../artifact/artifact.ts';
import type { Attempt } from '../build/attempt.ts';
import type { BuildHead } from '../build/snapshot.ts';
import type { BuildEvent } from '../event/event.ts';
import type { BuildJob } from '../job/build-job.ts';
import type { ResumeRequest } from '../resume/resume-request.ts';
import type { Variable } from '../variable/variable.ts';
import type { Page, PageQuery } from './page.ts';
import type { RememberedReport } from './remembered-report.ts';

/**
 * Everything that a store keeps of one build. The lists are complete and in a fixed order, so that the same build has
 * the same form in every store.
 */
export interface WholeBuild {
  /** The head, the newest lease included. */
  readonly head: BuildHead;
  /** Attempts, oldest first. */
  readonly attempts: readonly Attempt[];
  /** Artifacts by state and age; superseded and deleted ones too. */
  readonly artifacts: readonly Artifact[];
  /** Variables by key and id; deleted ones too. */
  readonly variables: readonly Variable[];
  /** Rows of variables that were replaced: by id of the variable, then from the oldest to the newest. */
  readonly variableHistory: readonly Variable[];
  /** Resume requests, newest first. */
  readonly resumeRequests: readonly ResumeRequest[];
  /** Jobs, oldest first. */
  readonly jobs: readonly BuildJob[];
  /** The whole chain of events, from the first. */
  readonly events: readonly BuildEvent[];
  /** Answers to reports, by `event_id`. */
  readonly reports: readonly RememberedReport[];
}

/**
 * The part of a store that moves builds as they are: for copies, backups and moves to another store. It decides nothing
 * and checks nothing but that no build is in the way.
 */
export interface WholeBuilds {
  /** Ids of all builds, deleted ones included, in an order that never changes; ascending where ids are UUIDs. */
  listBuildIds(query: PageQuery): Promise<Page<string>>;
  /** A build with all that belongs to it, all from the same version; `undefined` when it is not there. */
  loadWholeBuild(id: string): Promise<WholeBuild | undefined>;
  /**
   * Writes a build exactly as it is given, wholly or not at all: same ids, version, lease, chain and answers. Its
   * project must be there. The id of the existing build, with nothing written, when its id or its number in the
   * project is taken.
   */
  restoreBuild(build: WholeBuild): Promise<{ readonly existing?: string }>;
}
