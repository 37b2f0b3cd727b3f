import { BuildClosedError } from '@buildstate/core';
import type { BuildDetails } from '../../api/builds.ts';
import { acquireLease, type LeaseOptions } from '../../step/state/acquire-lease.ts';
import { type BuildHandle, giveUpLease } from '../../step/state/build-handle.ts';
import { Memory } from '../../step/state/memory.ts';
import { report } from '../../step/state/reporting.ts';
import { asInterruption } from '../../step/state/step-result.ts';
import type { Surroundings } from '../../step/surroundings.ts';
import type { BuildFile, FileBranch } from '../file/build-file.ts';
import { linkOwnJob } from '../link-job.ts';
import { lookAtBuild } from '../look-at-build.ts';
import { hasWork, isClosed, labelOf, moveTo } from '../move-build.ts';
import type { RunBuild } from '../run-result.ts';
import { type DecidedRun, type Ending, runState, statesToRun } from '../run-state.ts';
import { fileOfBranch, type JoinState } from './fan-out.ts';
import { prefixed, prefixedNotes } from './prefixed.ts';

/** How one branch went. */
export interface BranchResult {
  /** Its key. */
  readonly key: string;
  /** Its build; `undefined` when it could not be forked. */
  readonly build: RunBuild | undefined;
  /** Why it did not come to its end; `undefined` when it did. */
  readonly ending: Ending | undefined;
  /** Whether there was nothing to do. */
  readonly wasDone: boolean;
}

/** What all branches of a run have in common. */
export interface BranchWork extends LeaseOptions {
  /** The run of the build that they are forked from. */
  readonly run: DecidedRun;
  /** Where they join. */
  readonly join: JoinState;
  /** What runs scripts that name no shell. */
  readonly shell: 'bash' | 'sh';
  /** Whether those that are completed are run again. */
  readonly again: boolean;
}

function surroundingsOf(around: Surroundings, file: BuildFile, key: string): Surroundings {
  return {
    ...around,
    environment: { ...around.environment, ...file.env },
    stdout: prefixed(around.stdout, key),
    stderr: prefixed(around.stderr, key),
    notes: prefixedNotes(around.notes, key),
    // Bars of several transfers would draw over each other.
    meter: undefined,
  };
}

function fork(
  { run, join }: BranchWork,
  { key, platform }: FileBranch,
  again: boolean,
): Promise<BuildDetails> {
  return run.around.client.builds.fork(run.handle.id, {
    key,
    until: join.code,
    ...(platform !== undefined && { platform }),
    ...(again && { again }),
  });
}

/** The branch as it is, or a new one in its place when what it has done is not what the file says any more. */
async function currentBranch(work: BranchWork, branch: FileBranch, file: BuildFile, around: Surroundings) {
  const found = await fork(work, branch, false);
  if (!isClosed(found)) return { build: found, isDone: false };
  if (found.status === 'cancelled') {
    const parent = work.run.handle.label;
    throw new BuildClosedError(
      `Branch ${branch.key} was cancelled. Fork it anew with \`bldst build branch ${parent} ${branch.key} ` +
        `--until ${work.join.code} --again\`, or go on without it with \`--let-go\`.`,
      { context: { build_id: found.id, branch_key: branch.key } },
    );
  }
  if (!work.again && !hasWork(await lookAtBuild(around, file, found, {})))
    return { build: found, isDone: true };
  return { build: await fork(work, branch, true), isDone: false };
}

/** Runs the states of a branch under its lease, and completes the state at which it joins. */
export async function runBranchStates(
  work: Pick<BranchWork, 'join' | 'shell'> & { readonly reuse?: boolean | undefined },
  around: Surroundings,
  file: BuildFile,
  handle: BuildHandle,
): Promise<Ending | undefined> {
  const memory = new Memory();
  const build = await around.client.builds.get(handle.id);
  const outlook = await lookAtBuild(around, file, build, {}, memory);
  const states = statesToRun({ file, outlook });
  await linkOwnJob(around, build, states[0]?.code ?? work.join.code);
  await moveTo(around, handle, outlook);
  const run: DecidedRun = { around, file, build, handle, outlook, memory, reuse: work.reuse };
  for (const state of states) {
    const ending = await runState(run, state, work.shell);
    if (ending !== undefined) return ending;
  }
  if (file.states.at(-1)?.code !== work.join.code) {
    const message = 'The states of the branch are done.';
    await report(around, handle, { state: work.join.code, status: 'completed', message });
  }
  return undefined;
}

async function advance(work: BranchWork, branch: FileBranch): Promise<BranchResult> {
  const { run } = work;
  const { key } = branch;
  const file = fileOfBranch(run.file, work.join, branch);
  const around = surroundingsOf(run.around, file, key);
  const { build, isDone } = await currentBranch(work, branch, file, around);
  if (isDone) return { key, build, ending: undefined, wasDone: true };
  const lease = await acquireLease(around, build.id, work);
  const handle: BuildHandle = { id: build.id, label: labelOf(build), lease };
  try {
    return {
      key,
      build,
      ending: await runBranchStates({ ...work, reuse: run.reuse }, around, file, handle),
      wasDone: false,
    };
  } finally {
    await giveUpLease(around, handle);
    for (const stream of [around.stdout, around.stderr]) await new Promise<void>((done) => stream.end(done));
  }
}

/** Runs one branch. What goes wrong in it is its own result: the others go on. */
export async function runBranch(work: BranchWork, branch: FileBranch): Promise<BranchResult> {
  const told = { key: branch.key, build: undefined, wasDone: false };
  try {
    return await advance(work, branch);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { around } = work.run;
    if (around.interrupts.first !== undefined) return { ...told, ending: asInterruption(around, error) };
    const ending = {
      outcome: 'failed',
      exitCode: undefined,
      error,
      retryDecision: undefined,
      state: undefined,
    } as const;
    return { ...told, ending };
  }
}
