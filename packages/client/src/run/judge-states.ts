import type { AttemptRecord } from '../api/builds.ts';
import type { StateCodeRecord } from '../api/state-codes.ts';
import type { StepDefinition } from '../step/definition.ts';
import { completedAttempt, judgeState, type StateHistory } from '../step/inputs/completed-before.ts';
import { hashStepInputs, stepFingerprint } from '../step/inputs/gather-inputs.ts';
import type { BuildMaterial } from '../step/state/memory.ts';
import type { Surroundings } from '../step/surroundings.ts';
import type { BuildFile, FileState } from './file/build-file.ts';
import type { JudgedState } from './plan/plan-run.ts';
import { argvOf, identityOf } from './shell.ts';

/** What runs look at of a catalogue. */
export type CatalogueEntry = Pick<StateCodeRecord, 'stateCode' | 'name'>;

/** What the tracker says of a build, as far as a run looks at it. */
export interface BuildRecord {
  /** All attempts, oldest first. */
  readonly attempts: readonly AttemptRecord[];
  /** What the build has gathered. */
  readonly material: BuildMaterial;
  /** The project's catalogue. */
  readonly catalogue: readonly CatalogueEntry[];
}

/** What people call a state: by the file's name, else the catalogue's. */
export function nameOf({ code, name }: FileState, catalogue: readonly CatalogueEntry[]): string {
  return name ?? catalogue.find(({ stateCode }) => stateCode === code)?.name ?? `state-${code}`;
}

/** The step that a state of a file is. @param shell what runs scripts that name no shell */
export function stepOf(state: FileState, name: string, shell: 'bash' | 'sh'): StepDefinition {
  const { code, command, produces, needs, inputs, variables, retry, timeoutSeconds } = state;
  return {
    state: code,
    name,
    argv: argvOf(command, shell),
    identity: identityOf(command),
    produces,
    needs,
    inputs,
    variables,
    timeoutSeconds,
    retry,
  };
}

async function judge(
  around: Surroundings,
  step: StepDefinition,
  { attempts, material }: BuildRecord,
): Promise<StateHistory> {
  // Inputs of a state that is not done may be made by the states before it, and are not there yet.
  if (completedAttempt(attempts, step.state) === undefined) return { done: false };
  try {
    const hashes = await hashStepInputs(step, around);
    return judgeState(attempts, step.state, stepFingerprint(step, hashes, material));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'not_found')) throw error;
    return { done: true, changes: [error.message], reason: `is completed, but: ${error.message}` };
  }
}

/** Compares every state of a file with what the record says of it. */
export async function judgeStates(
  around: Surroundings,
  file: BuildFile,
  record: BuildRecord,
): Promise<JudgedState[]> {
  const judged: JudgedState[] = [];
  for (const state of file.states) {
    const name = nameOf(state, record.catalogue);
    const history = await judge(around, stepOf(state, name, 'sh'), record);
    judged.push({ state, name, history });
  }
  return judged;
}
