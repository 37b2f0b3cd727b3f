import { asInterruption } from '../step/state/step-result.ts';
import { isJoin, type JoinState } from './branches/fan-out.ts';
import { runBranches } from './branches/run-branches.ts';
import { runBefore, runFinally } from './hooks/run-hooks.ts';
import type { RunRequest } from './run-request.ts';
import type { RunResult } from './run-result.ts';
import { type DecidedRun, type Ending, runState, statesToRun } from './run-state.ts';
import { defaultShell } from './shell.ts';

/** What a run was asked for, as far as it decides about branches. */
export type BranchChoice = Pick<RunRequest, 'branches' | 'parallel' | 'from' | 'waitSeconds' | 'ttlSeconds'>;

/** Where the run stops though nothing went wrong: it waits for branches that it was not to run. */
const waits = Symbol('waits');

async function runJoin(run: DecidedRun, join: JoinState, shell: 'bash' | 'sh', choice: BranchChoice) {
  const { branches, parallel = join.fanOut.parallel, waitSeconds, ttlSeconds } = choice;
  const again = run.outlook.bounds.from === join.code;
  const bounded = { ...join, fanOut: { ...join.fanOut, parallel } };
  const outcome = await runBranches({ run, join: bounded, shell, again, waitSeconds, ttlSeconds }, branches);
  if (outcome.kind === 'ended') return outcome.ending;
  return outcome.kind === 'waits' ? waits : undefined;
}

/** Codes of the states that are done, as they get done; those that took other builds' outputs in both lists. */
interface Progress {
  readonly completed: number[];
  readonly reused: number[];
}

/** Runs the states one after the other; tells why it stopped before the last one, if it did. */
async function runEach(
  run: DecidedRun,
  shell: 'bash' | 'sh',
  choice: BranchChoice,
  { completed, reused }: Progress,
): Promise<Ending | undefined> {
  for (const state of statesToRun(run)) {
    const ending = await (isJoin(state)
      ? runJoin(run, state, shell, choice)
      : runState(run, state, shell, reused));
    if (ending === waits) return undefined;
    if (ending !== undefined) return ending;
    completed.push(state.code);
  }
  return undefined;
}

async function beforeAndStates(
  run: DecidedRun,
  shell: 'bash' | 'sh',
  choice: BranchChoice,
  progress: Progress,
) {
  const { around, file, handle } = run;
  try {
    const failure = await runBefore(around, handle, { kind: 'before', commands: file.before, shell });
    if (failure?.signal !== undefined)
      return { outcome: 'interrupted', signal: failure.signal, exitCode: failure.exitCode } as const;
    if (failure !== undefined) {
      const { exitCode } = failure;
      return { outcome: 'failed', exitCode, retryDecision: undefined, state: undefined } as const;
    }
    return await runEach(run, shell, choice, progress);
  } catch (error) {
    return asInterruption(around, error);
  }
}

/**
 * Runs what was decided: `before`, the states, and in any case `finally`.
 * @throws what a state throws, after `finally`
 */
export async function runStates(run: DecidedRun, choice: BranchChoice = {}): Promise<RunResult> {
  const { around, file, build, handle, outlook } = run;
  const shell = await defaultShell(around.environment);
  const progress: Progress = { completed: [], reused: [] };
  const skipped = outlook.plan.entries.filter(({ action }) => action === 'skip').map(({ code }) => code);
  const cleanUp = () => runFinally(around, handle, { kind: 'finally', commands: file.finally, shell });
  let ending: Ending | undefined;
  try {
    ending = await beforeAndStates(run, shell, choice, progress);
  } catch (error) {
    await cleanUp();
    throw error;
  }
  const failure = await cleanUp();
  const told = { build, ...progress, skipped };
  if (ending !== undefined) return { ...ending, ...told };
  return { outcome: 'completed', exitCode: failure?.exitCode ?? 0, ...told };
}
