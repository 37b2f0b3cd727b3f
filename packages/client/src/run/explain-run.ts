import type { Surroundings } from '../step/surroundings.ts';
import { type ExplainedBranch, explainBranches } from './branches/explain-branches.ts';
import { automaticNumber, findBuild } from './find-build.ts';
import { foreseeReuse } from './foresee-reuse.ts';
import { lookAtBuild } from './look-at-build.ts';
import type { RunPlan } from './plan/plan-run.ts';
import { surroundingsOf } from './run-build.ts';
import type { RunRequest } from './run-request.ts';
import type { RunBuild } from './run-result.ts';

/** What a run would do. */
export interface RunExplanation {
  /** The build that it would continue; `undefined` when it would make one. */
  readonly build: (RunBuild & { readonly status: string; readonly currentState: number }) | undefined;
  /** The number that a new build would get; `undefined` for the next free one. */
  readonly newNumber: string | undefined;
  /** What would become of each state, and why. */
  readonly plan: RunPlan;
  /** The same of each branch. */
  readonly branches: readonly ExplainedBranch[];
}

/** Says what `runBuild` would do with the same request, state by state. Changes nothing. @throws as `runBuild` */
export async function explainRun(outer: Surroundings, request: RunRequest): Promise<RunExplanation> {
  const { file } = request;
  const around = surroundingsOf(file, outer);
  const build = await findBuild(around.client, file, request.isNew === true);
  const { plan: bare, material } = await lookAtBuild(around, file, build, request);
  const plan = await foreseeReuse({ around, file, build, material, reuse: request.reuse }, bare);
  const newNumber = file.buildNumber === automaticNumber ? undefined : file.buildNumber;
  return { build, newNumber, plan, branches: await explainBranches(around, file, build) };
}
