import { NotFoundError, resolveStateName } from '@buildstate/core/light';
import type { BuildDetails } from '../api/builds.ts';
import type { StepDefinition } from './definition.ts';
import { judgeState, type StateHistory } from './inputs/completed-before.ts';
import { hashStepInputs, stepFingerprint } from './inputs/gather-inputs.ts';
import type { InputHashes } from './inputs/hash-inputs.ts';
import { acquireLease, borrowedLease, type LeaseOptions } from './state/acquire-lease.ts';
import { isAway } from './state/away.ts';
import { type BuildHandle, giveUpLease } from './state/build-handle.ts';
import { Memory } from './state/memory.ts';
import { performState } from './state/perform-state.ts';
import { asInterruption, type StepResult } from './state/step-result.ts';
import type { Surroundings } from './surroundings.ts';

/** One step of a build, as a command line says it. */
export interface StepRequest extends Omit<StepDefinition, 'state' | 'name'>, LeaseOptions {
  /** The build: its id, a unique prefix of it, or `project:build_number`. */
  readonly build: string;
  /** The state: its code, or a name of the project's catalogue. */
  readonly state: number | string;
  /** URI under which products are stored. @default the build's artifact base */
  readonly place?: string | undefined;
  /**
   * A lease that somebody holds around this step, such as `bldst build lease … -- script`: used for the build that
   * it belongs to instead of one of its own, and left as it is.
   */
  readonly within?: { readonly buildId: string; readonly token: number } | undefined;
}

/** The build, or `undefined` while the tracker is away and that is no reason to stop. */
async function findBuild(around: Surroundings, build: string): Promise<BuildDetails | undefined> {
  try {
    return await around.client.builds.get(build, { signal: around.interrupts.aborted });
  } catch (error) {
    if (!isAway(error) || around.strict) throw error;
    return undefined;
  }
}

/** A code that was given as a number or as its digits. */
function codeOf(state: number | string): number | undefined {
  if (typeof state === 'number') return state;
  return /^\d{1,3}$/.test(state) ? Number(state) : undefined;
}

async function resolveState(around: Surroundings, build: BuildDetails, state: number | string) {
  const catalogue = await around.client.stateCodes.list(build.projectId);
  const code = codeOf(state) ?? resolveStateName(catalogue, String(state));
  return { code, name: catalogue.find(({ stateCode }) => stateCode === code)?.name ?? `state-${code}` };
}

/** What the record says of the step with its inputs as they are now. */
async function historyOf(
  around: Surroundings,
  build: BuildDetails,
  step: StepDefinition,
  hashes: InputHashes,
): Promise<StateHistory> {
  const attempts = await around.client.builds.attempts(build.id, { state: step.state }).all();
  const material = await new Memory().load(around.client, build.id);
  return judgeState(attempts, step.state, stepFingerprint(step, hashes, material));
}

/** The result of a step that need not run, or `undefined` when it has to. */
function asSkipped(history: StateHistory): StepResult | undefined {
  if (!history.done || history.changes.length > 0) return undefined;
  return { outcome: 'skipped', exitCode: 0, reason: history.reason };
}

/** Runs a step while the tracker is away: without a lease, its reports kept on disk. */
async function runUnseen(around: Surroundings, request: StepRequest): Promise<StepResult> {
  const code = codeOf(request.state);
  if (code === undefined) {
    throw new NotFoundError(
      `The tracker is away, so the state "${request.state}" cannot be looked up. Give its code instead.`,
      { context: { state: request.state } },
    );
  }
  around.notes.warn(
    `The tracker at ${around.client.uri} is away: state ${code} runs without a lease, so another worker may run it too.`,
  );
  const build: BuildHandle = { id: request.build, label: request.build, lease: undefined };
  const step = { ...request, state: code, name: `state-${code}` };
  return performState({ around, build, step, memory: new Memory(), place: request.place });
}

async function runSeen(around: Surroundings, found: BuildDetails, request: StepRequest): Promise<StepResult> {
  const { code, name } = await resolveState(around, found, request.state);
  const step: StepDefinition = { ...request, state: code, name };
  const hashes = await hashStepInputs(step, around);
  const before = asSkipped(await historyOf(around, found, step, hashes));
  if (before !== undefined) return before;
  const { within } = request;
  const lease =
    within?.buildId === found.id
      ? borrowedLease(found.id, within.token)
      : await acquireLease(around, found.id, request);
  const build: BuildHandle = { id: found.id, label: `${found.project}:${found.buildNumber}`, lease };
  try {
    // Whoever held the lease a moment ago may have completed the state meanwhile.
    const meanwhile = await historyOf(around, found, step, hashes);
    const skipped = asSkipped(meanwhile);
    if (skipped !== undefined) return skipped;
    const opening = meanwhile.done ? `State ${code} ${meanwhile.reason}; it is run again.` : undefined;
    return await performState({ around, build, step, memory: new Memory(), place: request.place, opening });
  } finally {
    await giveUpLease(around, build);
  }
}

/**
 * Runs one resumable step: nothing when its state is completed with the same inputs; else under the build's
 * lease its needs are fetched, its command is run, its products are stored, and how it went is recorded.
 *
 * @throws NotFoundError, StateInProgressError, IllegalTransitionError, LeaseLostError, AlreadyExistsError for a
 *   file in the way of a need; with `strict` also UnreachableError
 */
export async function runStep(around: Surroundings, request: StepRequest): Promise<StepResult> {
  try {
    const found = await findBuild(around, request.build);
    return await (found === undefined ? runUnseen(around, request) : runSeen(around, found, request));
  } catch (error) {
    return asInterruption(around, error);
  }
}
