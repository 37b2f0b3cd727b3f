import { lastStateOf } from '../build/catalogue.ts';
import type { BuildDraft } from '../build/draft.ts';
import type { StateReport } from '../build/report.ts';
import { IllegalTransitionError } from '../errors/illegal-transition-error.ts';
import { blocked, blockersOf } from './waiting.ts';

/**
 * Whether a report leads beyond a join at a state: to a later state, or to the end of the build, which a build that
 * waits at its last state must not reach either.
 */
function leadsBeyond({ state, kind }: Pick<StateReport, 'state' | 'kind'>, until: number, last: number) {
  return state > until || (state === until && until === last && (kind === 'complete' || kind === 'skip'));
}

/**
 * Refuses reports that lead a build beyond the join of branches that are not done, and those that lead a branch beyond
 * its own end. The draft must have been made with the builds of the awaited branches; one that is not among them holds.
 * @throws BlockedError, IllegalTransitionError
 */
export function checkWaiting(draft: BuildDraft, report: Pick<StateReport, 'state' | 'kind'>): void {
  const { build, project } = draft;
  const last = lastStateOf(build, project.stateCodes);
  if (build.branchUntil != null && report.state > build.branchUntil) {
    throw new IllegalTransitionError(
      `Branch ${build.project}:${build.buildNumber} ends at state ${build.branchUntil}; ` +
        `state ${report.state} belongs to its parent.`,
      { context: { state: report.state, branch_until: build.branchUntil } },
    );
  }
  if (build.branches == null) return;
  const known = new Map(draft.branches.map((branch) => [branch.id, branch]));
  const blockers = blockersOf(build, known).filter(({ until }) => leadsBeyond(report, until, last));
  if (blockers.length > 0) throw blocked(build, report.state, blockers);
}
