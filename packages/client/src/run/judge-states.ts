import type { AttemptRecord } from '../api/builds.ts';
import type { StateCodeRecord } from '../api/state-codes.ts';
import type { StepDefinition, StepReuse } from '../step/definition.ts';
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

/**
 * How a state's outputs serve other builds.
 * @param wish what the command line says. @default what the file says
 */
export function reuseOf(file: BuildFile, { reuse }: FileState, wish?: boolean): StepReuse {
  const wanted = wish !== false && (reuse ?? wish ?? file.reuse);
  // With `env.` before them, names cannot be mistaken for the platform.
  const env = Object.entries(file.env).map(([name, value]) => [`env.${name}`, value] as const);
  return { wanted, setting: { platform: file.platform ?? '', ...Object.fromEntries(env) } };
}

/**
 * The step that a state of a file is.
 * @param shell what runs scripts that name no shell
 * @param reuse how its outputs serve other builds. @default not at all
 */
export function stepOf(
  state: FileState,
  name: string,
  shell: 'bash' | 'sh',
  reuse?: StepReuse,
): StepDefinition {
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
    reuse,
  };
}

/** The input that an error is about. */
function inputOf(error: object): string {
  const { context } = error as { readonly context?: { readonly input?: unknown } };
  return typeof context?.input === 'string' ? context.input : '';
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
    const { message } = error;
    const change = { kind: 'file', name: inputOf(error), before: null, after: null, text: message } as const;
    return { done: true, changes: [change], reason: `is completed, but: ${message}` };
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
