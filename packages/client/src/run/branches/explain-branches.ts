import type { BuildDetails } from '../../api/builds.ts';
import type { Surroundings } from '../../step/surroundings.ts';
import type { BuildFile } from '../file/build-file.ts';
import { lookAtBuild } from '../look-at-build.ts';
import type { PlanEntry } from '../plan/plan-run.ts';
import { fileOfBranch, isJoin, knownBranch } from './fan-out.ts';

/** What a run would do with one branch. */
export interface ExplainedBranch {
  /** The state at which it joins. */
  readonly joinsAt: number;
  /** Its key. */
  readonly key: string;
  /** UUID of its build; `null` when it is yet to be forked. */
  readonly buildId: string | null;
  /** How it is; `null` when it is yet to be forked. */
  readonly status: BuildDetails['status'] | null;
  /** What would become of each of its states; empty when it is yet to be forked, and runs all of them. */
  readonly states: readonly PlanEntry[];
}

/** Says what would become of the branches of a file. Changes nothing. */
export async function explainBranches(
  around: Surroundings,
  file: BuildFile,
  build: BuildDetails | undefined,
): Promise<ExplainedBranch[]> {
  const explained: ExplainedBranch[] = [];
  for (const join of file.states.filter(isJoin)) {
    for (const branch of join.fanOut.branches) {
      const { key } = branch;
      const known = build && knownBranch(build, key);
      const found = known && (await around.client.builds.get(known.buildId));
      const looked = found && (await lookAtBuild(around, fileOfBranch(file, join, branch), found, {}));
      explained.push({
        joinsAt: join.code,
        key,
        buildId: found?.id ?? null,
        status: found?.status ?? null,
        states: looked?.plan.entries ?? [],
      });
    }
  }
  return explained;
}
