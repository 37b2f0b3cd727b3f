import { signalExitCode } from '../command/exit-code.ts';
import { stepFingerprint } from '../inputs/gather-inputs.ts';
import { hashInputs } from '../inputs/hash-inputs.ts';
import { ownTargets } from '../needs/own-targets.ts';
import { resolveNeeds } from '../needs/resolve-needs.ts';
import { planNeeds } from '../needs/restore-needs.ts';
import { reuseKey } from '../reuse/reuse-key.ts';
import { reuseOutputs } from '../reuse/reuse-outputs.ts';
import type { Surroundings } from '../surroundings.ts';
import { isAway } from './away.ts';
import type { BuildHandle } from './build-handle.ts';
import { performAttempt } from './perform-attempt.ts';
import type { StateWork } from './state-work.ts';
import type { StepResult } from './step-result.ts';

/**
 * What has to be asked of the tracker before a try. While it is away, what this process knows has to do; of that
 * a single step has nothing, so one that needs artifacts cannot prove them.
 */
async function askTracker({ around, build, step, memory }: StateWork) {
  try {
    const [material, attempts] = await Promise.all([
      memory.load(around.client, build.id),
      around.client.builds.attempts(build.id, { state: step.state }).all(),
    ]);
    return { material, attempts };
  } catch (error) {
    const { material } = memory;
    if (!isAway(error) || around.strict || (material === undefined && step.needs.length > 0)) throw error;
    if (material === undefined)
      around.notes.warn(`The tracker is away, so state ${step.state} runs without the build's variables.`);
    return { material: material ?? { artifacts: [], variables: [] }, attempts: [] };
  }
}

async function tryOnce(work: StateWork): Promise<StepResult> {
  const { around, step, memory } = work;
  const { material, attempts } = await askTracker(work);
  const hashes = await hashInputs(around.folder, step.inputs, { signal: around.interrupts.aborted });
  const inputs = stepFingerprint(step, hashes, material);
  const madeFrom = reuseKey(step, inputs, material.variables);
  if (step.reuse?.wanted === true && madeFrom !== undefined) {
    const reusedFrom = await reuseOutputs(work, inputs, madeFrom);
    if (reusedFrom !== undefined) return { outcome: 'completed', exitCode: 0, reusedFrom };
  }
  const isOwn = ownTargets(around.folder, attempts, step.state);
  const needs = await planNeeds(resolveNeeds(step, material.artifacts), { around, memory, isOwn });
  return performAttempt({ ...work, inputs, madeFrom, material, needs });
}

/** Waits until the next try is due. Answers the signal when somebody asked to stop meanwhile. */
async function waitForRetry(
  { clock, interrupts }: Surroundings,
  build: BuildHandle,
  seconds: number,
): Promise<NodeJS.Signals | undefined> {
  const signals = [interrupts.aborted, ...(build.lease === undefined ? [] : [build.lease.signal])];
  try {
    await clock.sleep(seconds * 1000, AbortSignal.any(signals));
  } catch (error) {
    if (interrupts.first === undefined) throw error;
  }
  return interrupts.first;
}

/**
 * Runs a state, and again as often as the tracker's retry decisions say, if the step wants that.
 * @throws NotFoundError for a need or an input that is not there, AlreadyExistsError for a file in the way of a
 *   need, and whatever an attempt throws
 */
export async function performState(work: StateWork): Promise<StepResult> {
  const { around, build, step } = work;
  for (let opening = work.opening; ; opening = undefined) {
    const result = await tryOnce({ ...work, opening });
    if (result.outcome !== 'failed' || !step.retry || result.retryDecision?.retry !== true) return result;
    const { delaySeconds } = result.retryDecision;
    around.notes.info(`Waiting ${delaySeconds} s before state ${step.state} is tried again.`);
    const signal = await waitForRetry(around, build, delaySeconds);
    if (signal !== undefined) return { outcome: 'interrupted', signal, exitCode: signalExitCode(signal) };
  }
}
