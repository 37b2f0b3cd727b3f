import type { BuildDetails } from '../api/builds.ts';
import { signalExitCode } from '../step/command/exit-code.ts';
import type { BuildHandle } from '../step/state/build-handle.ts';
import type { Memory } from '../step/state/memory.ts';
import { performState } from '../step/state/perform-state.ts';
import { asInterruption } from '../step/state/step-result.ts';
import type { Surroundings } from '../step/surroundings.ts';
import type { BuildFile, FileState } from './file/build-file.ts';
import { runBefore, runFinally } from './hooks/run-hooks.ts';
import { reuseOf, stepOf } from './judge-states.ts';
import type { RunOutlook } from './look-at-build.ts';
import type { RunResult } from './run-result.ts';
import { defaultShell } from './shell.ts';

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

/** How the states went, before `finally`. */
type StatesOutcome = Omit<
  Extract<RunResult, { readonly outcome: 'failed' }>,
  'build' | 'completed' | 'reused' | 'skipped'
>;
type Ending =
  | StatesOutcome
  | Omit<
      Extract<RunResult, { readonly outcome: 'interrupted' }>,
      'build' | 'completed' | 'reused' | 'skipped'
    >;

/** Codes of the states that are done, as they get done; those that took other builds' outputs in both lists. */
interface Progress {
  readonly completed: number[];
  readonly reused: number[];
}

/** Runs the states one after the other; tells why it stopped before the last one, if it did. */
async function runEach(
  run: DecidedRun,
  states: readonly FileState[],
  shell: 'bash' | 'sh',
  { completed, reused }: Progress,
): Promise<Ending | undefined> {
  const { around, handle, outlook, memory, file } = run;
  for (const state of states) {
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
    completed.push(state.code);
    if (reusedFrom !== undefined) reused.push(state.code);
  }
  return undefined;
}

async function beforeAndStates(run: DecidedRun, shell: 'bash' | 'sh', progress: Progress) {
  const { around, file, handle, outlook } = run;
  try {
    const failure = await runBefore(around, handle, { kind: 'before', commands: file.before, shell });
    if (failure?.signal !== undefined)
      return { outcome: 'interrupted', signal: failure.signal, exitCode: failure.exitCode } as const;
    if (failure !== undefined) {
      const { exitCode } = failure;
      return { outcome: 'failed', exitCode, retryDecision: undefined, state: undefined } as const;
    }
    const toRun = new Set(
      outlook.plan.entries.filter(({ action }) => action === 'run').map(({ code }) => code),
    );
    return await runEach(
      run,
      file.states.filter(({ code }) => toRun.has(code)),
      shell,
      progress,
    );
  } catch (error) {
    return asInterruption(around, error);
  }
}

/**
 * Runs what was decided: `before`, the states, and in any case `finally`.
 * @throws what a state throws, after `finally`
 */
export async function runStates(run: DecidedRun): Promise<RunResult> {
  const { around, file, build, handle, outlook } = run;
  const shell = await defaultShell(around.environment);
  const progress: Progress = { completed: [], reused: [] };
  const skipped = outlook.plan.entries.filter(({ action }) => action === 'skip').map(({ code }) => code);
  const cleanUp = () => runFinally(around, handle, { kind: 'finally', commands: file.finally, shell });
  let ending: Ending | undefined;
  try {
    ending = await beforeAndStates(run, shell, progress);
  } catch (error) {
    await cleanUp();
    throw error;
  }
  const failure = await cleanUp();
  const told = { build, ...progress, skipped };
  if (ending !== undefined) return { ...ending, ...told };
  return { outcome: 'completed', exitCode: failure?.exitCode ?? 0, ...told };
}
