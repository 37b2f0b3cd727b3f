import type { BuildDetails } from '../../api/builds.ts';
import type { BuildFile, FanOut, FileBranch, FileState } from '../file/build-file.ts';
import { statesOfBranch } from '../file/read-build-file.ts';

/** A state at which branches join. */
export type JoinState = FileState & { readonly fanOut: FanOut };

/** Whether a state of a file is what branches do side by side. */
export function isJoin(state: FileState): state is JoinState {
  return state.fanOut !== undefined;
}

/** The environment variable that tells a command its branch. */
export const branchVariable = 'BLDST_BRANCH';

/** The part of a build file that one branch runs. */
export function fileOfBranch(file: BuildFile, { fanOut }: JoinState, branch: FileBranch): BuildFile {
  return {
    ...file,
    env: { ...file.env, ...branch.env, [branchVariable]: branch.key },
    before: [],
    finally: [],
    states: statesOfBranch(fanOut, branch.key),
  };
}

/** What a build remembers of a branch that still is one of it. */
export function knownBranch(build: BuildDetails, key: string): BuildDetails['branches'][number] | undefined {
  return build.branches.find(({ branchKey, undoneAt }) => branchKey === key && undoneAt === null);
}
