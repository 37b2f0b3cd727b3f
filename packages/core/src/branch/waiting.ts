import type { Build } from '../build/build.ts';
import type { BuildStatus } from '../build/status.ts';
import { BlockedError } from '../errors/blocked-error.ts';
import type { Branch } from './branch.ts';

/** A branch that its parent waits for, as the parent shows it. */
export interface Blocker {
  /** UUID of the branch's build. */
  readonly buildId: string;
  /** The branch's key. */
  readonly branchKey: string;
  /** How the branch is. */
  readonly status: BuildStatus;
  /** The furthest state that it started or completed. */
  readonly currentState: number;
  /** The state that it has to complete. */
  readonly until: number;
  /** Whether its build is there: not when whoever forked it stopped before making it, and nobody has asked again. */
  readonly made: boolean;
}

/** A branch that a parent may have to wait for. */
type AwaitedBranch = Branch & { readonly until: number };

/** What is read of builds to know whom they wait for. */
export type WaitingBuild = Pick<Build, 'status' | 'currentState' | 'branches'>;

function mayHold(branch: Branch, { currentState }: WaitingBuild): branch is AwaitedBranch {
  const { until, letGoAt, undoneAt } = branch;
  // A build that is beyond the join has passed it: completed branches stay completed.
  return until !== null && letGoAt === null && undoneAt === null && until >= currentState;
}

/** The branches that a build may have to wait for; none for a build that is over. */
export function awaitedBranches(build: WaitingBuild): readonly AwaitedBranch[] {
  if (build.branches == null || build.status === 'completed' || build.status === 'cancelled') return [];
  return build.branches.filter((branch) => mayHold(branch, build));
}

/**
 * The branches that hold a build. A branch is done for good when its build is completed, which is why it may be read
 * before the decision that rests on it is written: nothing can undo it. One that was deleted holds nobody. One that is
 * not there holds: its fork was recorded, and the build is made when the fork is asked for again.
 * @param known the awaited branches' builds, deleted ones included, by id
 */
export function blockersOf(build: WaitingBuild, known: ReadonlyMap<string, Build>): readonly Blocker[] {
  return awaitedBranches(build).flatMap(({ buildId, branchKey, until, fromState }): Blocker[] => {
    const branch = known.get(buildId);
    if (branch === undefined)
      return [{ buildId, branchKey, status: 'pending', currentState: fromState, until, made: false }];
    const { status, currentState, deletedAt } = branch;
    return status === 'completed' || deletedAt !== null
      ? []
      : [{ buildId, branchKey, status, currentState, until, made: true }];
  });
}

/** What can be done about a branch that holds its parent. */
function wayOut(parent: string, { branchKey, status, until, made }: Blocker): string {
  const branch = `${parent}/${branchKey}`;
  if (!made)
    return (
      'whoever forked it stopped before its build was made; ' +
      `run \`bldst build branch ${parent} ${branchKey} --until ${until}\` again, as it was, to make it`
    );
  if (status === 'failed') return `retry it with \`bldst build retry ${branch}\``;
  if (status === 'cancelled')
    return `fork it again with \`bldst build branch ${parent} ${branchKey} --again\`, or let it go with \`--let-go\``;
  return `follow it with \`bldst build get ${branch}\``;
}

/** The error for a report that has to wait for branches. */
export function blocked(
  build: Pick<Build, 'id' | 'project' | 'buildNumber'>,
  state: number,
  blockers: readonly Blocker[],
): BlockedError {
  const subject = `${build.project}:${build.buildNumber}`;
  const each = blockers.map(
    (blocker) =>
      `${blocker.branchKey} (${blocker.status} at state ${blocker.currentState}): ${wayOut(subject, blocker)}`,
  );
  const until = Math.min(...blockers.map((blocker) => blocker.until));
  return new BlockedError(
    `Build ${subject} cannot report state ${state} now: it waits at state ${until} for ` +
      `${blockers.length === 1 ? 'a branch' : `${blockers.length} branches`}. ${each.join('; ')}.`,
    {
      context: {
        build_id: build.id,
        state,
        blocked_by: blockers.map(({ buildId, branchKey, status, currentState, until: end, made }) => ({
          build_id: buildId,
          branch_key: branchKey,
          status,
          current_state: currentState,
          until: end,
          made,
        })),
      },
    },
  );
}
