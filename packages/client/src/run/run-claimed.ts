import type { HeldClaim } from '../api/leases.ts';
import { endCommandsBefore } from '../step/state/acquire-lease.ts';
import { type BuildHandle, giveUpLease } from '../step/state/build-handle.ts';
import { Memory } from '../step/state/memory.ts';
import { asInterruption } from '../step/state/step-result.ts';
import type { Surroundings } from '../step/surroundings.ts';
import type { BuildFile, FileState } from './file/build-file.ts';
import { surroundingsOf, underLease } from './run-build.ts';
import type { RunResult } from './run-result.ts';

/** The file with states that are tried once: whoever claims the build when one is due again goes on with it. */
function triedOnce(file: BuildFile): BuildFile {
  const once = (state: FileState): FileState => ({ ...state, retry: false });
  const [first, ...later] = file.states;
  return { ...file, states: [once(first), ...later.map(once)] };
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
    return await underLease({ around, handle, request: { file: triedOnce(file) }, memory: new Memory() });
  } catch (error) {
    return { ...asInterruption(outer, error), build, completed: [], reused: [], skipped: [] };
  } finally {
    await giveUpLease(outer, handle);
  }
}
