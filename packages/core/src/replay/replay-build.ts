import { abandonOpen } from '../build/attempt-lifecycle.ts';
import type { Build, JsonObject } from '../build/build.ts';
import { decideCancel, decideManualRetry } from '../build/decide-by-hand.ts';
import { decideReport } from '../build/decide-report.ts';
import { rollBackTo } from '../build/decide-rollback.ts';
import { BuildDraft } from '../build/draft.ts';
import { newHead } from '../build/new-build.ts';
import type { StateReport } from '../build/report.ts';
import type { BuildSnapshot } from '../build/snapshot.ts';
import type { Timestamp } from '../build/timestamp.ts';
import { BuildClosedError } from '../errors/build-closed-error.ts';
import { IllegalTransitionError } from '../errors/illegal-transition-error.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Ids } from '../ports/ids.ts';
import type { WholeBuild } from '../ports/whole-builds.ts';
import type { Project } from '../project/project.ts';
import { Gathering } from './gathering.ts';

/** A report that was made in the past. */
export interface PastReport {
  /** When it was made. */
  readonly at: Timestamp;
  /** What it said. */
  readonly report: StateReport;
}

/** How the past of a build ended. */
export interface PastEnd {
  /** When it last changed. */
  readonly at: Timestamp;
  /** Whether it was given up. */
  readonly cancelled: boolean;
  /** What the build's metadata become; told what could not be replayed. */
  readonly metadata: (replayed: ReplayNotes) => JsonObject;
}

/** What is to be known of a replay. */
export interface ReplayNotes {
  /** Where the history was not one that the rules allow, and what was made of it: sentences without a full stop. */
  readonly warnings: readonly string[];
  /** The places in the list of reports that are not in the build's history: repetitions, and what came after its end. */
  readonly left: readonly number[];
}

/** What a replay is made with. */
export interface ReplayTools {
  /** The project; prerequisites of its states are not asked for, because the past cannot be changed. */
  readonly project: Project;
  /** Makes ids, the same ones each time that the same past is replayed. */
  readonly ids: Ids;
  /** Hashes events. */
  readonly crypto: Pick<Crypto, 'sha256Hex'>;
}

/** Replays one past. */
class Replay {
  readonly warnings: string[] = [];
  readonly left: number[] = [];
  readonly #tools: ReplayTools;
  readonly #gathering = new Gathering();
  #snapshot: BuildSnapshot;

  constructor(build: Build, tools: ReplayTools) {
    const stateCodes = tools.project.stateCodes.map((entry) => ({ ...entry, prerequisites: [] }));
    this.#tools = tools;
    this.#snapshot = { ...newHead(build), project: { ...tools.project, stateCodes } };
  }

  /** Makes one change at a time in the past. Nothing of it stays when `decide` throws. */
  change(at: Timestamp, decide: (draft: BuildDraft) => void): void {
    const { ids, crypto } = this.#tools;
    const context = { now: Date.parse(at), ids, actorId: 'import', random: () => 0.5 };
    const draft = new BuildDraft(this.#snapshot, context, this.#gathering.loaded());
    decide(draft);
    if (!draft.changed) return;
    const change = draft.seal(crypto);
    this.#gathering.add(change);
    this.#snapshot = { ...change.head, project: this.#snapshot.project };
  }

  report({ at, report }: PastReport, index: number): void {
    try {
      if (this.#repeats(at, report)) {
        this.warnings.push(
          `state ${report.state} at ${at} says again what was known and is kept in the metadata`,
        );
        this.left.push(index);
      }
    } catch (error) {
      if (!(error instanceof IllegalTransitionError || error instanceof BuildClosedError)) throw error;
      if (error instanceof IllegalTransitionError) {
        this.#normalised(at, report);
        return;
      }
      this.warnings.push(
        `state ${report.state} at ${at} came after the build's end and is kept in its metadata`,
      );
      this.left.push(index);
    }
  }

  /** Does what a report says. Whether it says nothing new. */
  #repeats(at: Timestamp, report: StateReport): boolean {
    let repeats = false;
    this.change(at, (draft) => {
      repeats = 'repeats' in decideReport(draft, report);
    });
    return repeats;
  }

  /** Does by the rules what the history did without them. */
  #normalised(at: Timestamp, report: StateReport): void {
    const { failedState, currentState } = this.#snapshot.build;
    this.change(at, (draft) => {
      if (failedState !== null) {
        const { eventId, reportedBy } = report;
        const note = { eventId, reason: 'The import found the build going on.', reportedBy };
        decideManualRetry(draft, failedState, { ...note, jobId: null, leaseToken: null, takeover: true });
        this.warnings.push(
          `state ${report.state} at ${at} went on past the failure at state ${failedState}: a manual retry was added`,
        );
      }
      if (report.state < currentState) {
        const done = draft.records.filter(({ state, outcome }) => outcome !== null && state < report.state);
        rollBackTo(draft, done.at(-1)?.state ?? 0, { reason: 'import', reportedBy: report.reportedBy });
        this.warnings.push(
          `state ${report.state} at ${at} went back from state ${currentState}: a rollback was added`,
        );
      }
    });
    this.#repeats(at, report);
  }

  end({ at, cancelled, metadata }: PastEnd): void {
    this.change(at, (draft) => {
      // Whoever worked on it reports elsewhere; here the state can be taken up again.
      abandonOpen(draft, 'imported');
      if (cancelled && draft.build.status !== 'completed') {
        decideCancel(draft, { reason: 'It was cancelled before it was imported.', reportedBy: null });
      }
      draft.patch({ nextRetryAt: null, metadata: metadata(this) });
      draft.event('build.updated', { imported: true, warnings: this.warnings.length });
    });
  }

  whole(): WholeBuild {
    const { project: _, ...head } = this.#snapshot;
    return this.#gathering.whole(head);
  }
}

/**
 * Makes a build out of what is known of its past, by the same decisions that move builds now: with attempts, a chain of
 * events, and the states where it stands and failed. Times are those of the past. A history that the rules do not allow
 * is made one that they do, with a warning each time.
 * @param build at version 0, as it was when it was created
 * @param reports in the order in which they were made
 * @throws LimitError when there are more attempts than a build may have
 */
export function replayBuild(
  build: Build,
  reports: readonly PastReport[],
  end: PastEnd,
  tools: ReplayTools,
): { readonly whole: WholeBuild; readonly notes: ReplayNotes } {
  const replay = new Replay(build, tools);
  replay.change(build.createdAt, (draft) => {
    draft.event('build.created', { build_number: build.buildNumber, project: build.project });
  });
  for (const [index, past] of reports.entries()) replay.report(past, index);
  replay.end(end);
  return { whole: replay.whole(), notes: { warnings: replay.warnings, left: replay.left } };
}
