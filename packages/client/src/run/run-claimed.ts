import type { HeldClaim } from '../api/leases.ts';
import { endCommandsBefore } from '../step/state/acquire-lease.ts';
import { type BuildHandle, giveUpLease } from '../step/state/build-handle.ts';
import { Memory } from '../step/state/memory.ts';
import { asInterruption } from '../step/state/step-result.ts';
import type { Surroundings } from '../step/surroundings.ts';
import { fileOfBranch, isJoin } from './branches/fan-out.ts';
import { runBranchStates } from './branches/run-branch.ts';
import type { BuildFile, FileState } from './file/build-file.ts';
import { surroundingsOf, underLease } from './run-build.ts';
import type { RunResult } from './run-result.ts';
import { defaultShell } from './shell.ts';

/** The file with states that are tried once: whoever claims the build when one is due again goes on with it. */
function triedOnce(file: BuildFile): BuildFile {
  const once = (state: FileState): FileState => ({ ...state, retry: false });
  const [first, ...later] = file.states;
  return { ...file, states: [once(first), ...later.map(once)] };
}

/** The part of a file that a claimed branch runs, and where it joins; nothing for a build that is no branch of it. */
function branchIn(file: BuildFile, { branchKey, branchUntil }: HeldClaim['build']) {
  const join = file.states.filter(isJoin).find(({ code }) => code === branchUntil);
  const branch = join?.fanOut.branches.find(({ key }) => key === branchKey);
  return join && branch && { join, file: fileOfBranch(file, join, branch) };
}

/**
 * Continues a build that was claimed, under the claim's lease, which is given up at the end.
 * @throws as `runBuild`
 */
export async function runClaimed(
  outer: Surroundings,
  file: BuildFile,
  { build, lease }: HeldClaim,
): Promise<RunResult> {
  const handle: BuildHandle = { id: build.id, label: `${build.project}:${build.buildNumber}`, lease };
  try {
    const around = surroundingsOf(file, outer);
    await endCommandsBefore(around, lease);
    const branch = branchIn(file, build);
    if (branch !== undefined) {
      const own = { ...around, environment: { ...around.environment, ...branch.file.env } };
      const shell = await defaultShell(around.environment);
      const ending = await runBranchStates({ join: branch.join, shell }, own, triedOnce(branch.file), handle);
      const told = { build, completed: [], reused: [], skipped: [] };
      if (ending !== undefined) return { ...ending, ...told };
      return { ...told, outcome: 'completed', exitCode: 0, completed: [branch.join.code] };
    }
    return await underLease({ around, handle, request: { file: triedOnce(file) }, memory: new Memory() });
  } catch (error) {
    return { ...asInterruption(outer, error), build, completed: [], reused: [], skipped: [] };
  } finally {
    await giveUpLease(outer, handle);
  }
}
