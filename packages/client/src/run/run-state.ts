import type { BuildDetails } from '../api/builds.ts';
import { signalExitCode } from '../step/command/exit-code.ts';
import type { BuildHandle } from '../step/state/build-handle.ts';
import type { Memory } from '../step/state/memory.ts';
import { performState } from '../step/state/perform-state.ts';
import type { Surroundings } from '../step/surroundings.ts';
import type { BuildFile, FileState } from './file/build-file.ts';
import { reuseOf, stepOf } from './judge-states.ts';
import type { RunOutlook } from './look-at-build.ts';
import type { RunResult } from './run-result.ts';

/** A run that has been decided on and holds the lease. */
export interface DecidedRun {
  /** Where the work is done. */
  readonly around: Surroundings;
  /** The build file. */
  readonly file: BuildFile;
  /** The build. */
  readonly build: BuildDetails;
  /** The build and its lease. */
  readonly handle: BuildHandle;
  /** What is to be done. */
  readonly outlook: RunOutlook;
  /** What is known of the build and of files. */
  readonly memory: Memory;
  /** What the command line says of reuse. @default what the file says */
  readonly reuse?: boolean | undefined;
}

type Told = 'build' | 'completed' | 'reused' | 'skipped';

/** Why a run stops before its last state. */
export type Ending =
  | Omit<Extract<RunResult, { readonly outcome: 'failed' }>, Told>
  | Omit<Extract<RunResult, { readonly outcome: 'interrupted' }>, Told>;

/**
 * Runs the command of one state; tells why the run stops, if it does.
 * @param reused is told the state's code when it took what another build has made
 */
export async function runState(
  run: DecidedRun,
  state: FileState,
  shell: 'bash' | 'sh',
  reused: number[] = [],
): Promise<Ending | undefined> {
  const { around, handle, outlook, memory, file } = run;
  const signal = around.interrupts.first;
  if (signal !== undefined) return { outcome: 'interrupted', signal, exitCode: signalExitCode(signal) };
  const name = outlook.names.get(state.code) ?? `state-${state.code}`;
  around.notes.info(`State ${state.code} (${name}) starts.`);
  const step = stepOf(state, name, shell, reuseOf(file, state, run.reuse));
  const result = await performState({ around, build: handle, step, memory, place: file.artifacts });
  if (result.outcome === 'failed') return { ...result, state: state.code };
  if (result.outcome === 'interrupted') return result;
  const { reusedFrom } = result.outcome === 'completed' ? result : { reusedFrom: undefined };
  const how = reusedFrom === undefined ? '' : ` with what build ${reusedFrom} made of the same inputs`;
  around.notes.info(`State ${state.code} (${name}) is completed${how}.`);
  if (reusedFrom !== undefined) reused.push(state.code);
  return undefined;
}

/** The states of a file that a plan runs, ascending. */
export function statesToRun({ file, outlook }: Pick<DecidedRun, 'file' | 'outlook'>): readonly FileState[] {
  const codes = new Set(
    outlook.plan.entries.filter(({ action }) => action === 'run').map(({ code }) => code),
  );
  return file.states.filter(({ code }) => codes.has(code));
}
