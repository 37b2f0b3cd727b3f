import { signalExitCode } from '../../step/command/exit-code.ts';
import { fingerprintField } from '../../step/inputs/fingerprint.ts';
import { hashStepInputs, stepFingerprint } from '../../step/inputs/gather-inputs.ts';
import { report } from '../../step/state/reporting.ts';
import type { FileBranch } from '../file/build-file.ts';
import { stepOf } from '../judge-states.ts';
import type { Ending } from '../run-state.ts';
import { knownBranch } from './fan-out.ts';
import { type BranchResult, type BranchWork, runBranch } from './run-branch.ts';

/** How the branches went: the run goes on, stops here though nothing went wrong, or ends. */
export type JoinOutcome =
  | { readonly kind: 'joined' | 'waits' }
  | { readonly kind: 'ended'; readonly ending: Ending };

/** Runs some branches side by side, a bounded number at a time. Each comes to its own end. */
async function sideBySide(work: BranchWork, branches: readonly FileBranch[]): Promise<BranchResult[]> {
  const waiting = [...branches];
  const results: BranchResult[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (work.run.around.interrupts.first !== undefined) return;
      results.push(await runBranch(work, next));
    }
  };
  const { parallel } = work.join.fanOut;
  await Promise.all(Array.from({ length: Math.min(parallel, branches.length) }, worker));
  return results;
}

/** Says of each branch how it went, and of one that failed how it is retried alone. */
function tell({ run, join }: BranchWork, results: readonly BranchResult[]): void {
  const { notes } = run.around;
  for (const { key, ending, wasDone } of results) {
    if (ending === undefined)
      notes.info(
        wasDone ? `Branch ${key} is completed; it is not run again.` : `Branch ${key} is completed.`,
      );
    if (ending?.outcome !== 'failed') continue;
    const where = ending.state === undefined ? 'did not get anywhere' : `failed at state ${ending.state}`;
    const why = ending.error === undefined ? '' : `: ${ending.error.message.replace(/\.$/, '')}`;
    notes.warn(`Branch ${key} ${where}${why}. Retry only this one with: bldst run --branch ${key}`);
  }
  const failed = results.filter(({ ending }) => ending?.outcome === 'failed');
  if (failed.length === 0) return;
  const names = failed.map(({ key }) => key).join(', ');
  notes.warn(
    `Build ${run.handle.label} waits at state ${join.code} for ${names}. ` +
      'The same command line retries what failed, and then goes on.',
  );
}

/** The worst of the branches' ends: somebody asked to stop, or one failed. */
function endingOf({ run }: BranchWork, results: readonly BranchResult[]): Ending | undefined {
  const signal = run.around.interrupts.first;
  const ends = results.flatMap(({ ending }) => ending ?? []);
  const interrupted = ends.find(({ outcome }) => outcome === 'interrupted');
  if (interrupted !== undefined) return interrupted;
  if (signal !== undefined) return { outcome: 'interrupted', signal, exitCode: signalExitCode(signal) };
  const failed = ends.find((end) => end.outcome === 'failed');
  // What failed was said already, branch by branch.
  return failed?.outcome === 'failed' ? { ...failed, error: undefined } : undefined;
}

/** Records that the build itself is through: all of its branches have completed the state. */
async function recordJoin({ run, join, shell }: BranchWork, keys: readonly string[]): Promise<void> {
  const { around, handle, memory } = run;
  const step = stepOf(join, `state-${join.code}`, shell);
  const material = await memory.load(around.client, handle.id);
  const inputs = stepFingerprint(step, await hashStepInputs(step, around), material);
  await report(around, handle, {
    state: join.code,
    status: 'completed',
    message: `Completed by ${keys.length === 1 ? 'the branch' : 'the branches'} ${keys.join(', ')}.`,
    metadata: { [fingerprintField]: { ...inputs } },
  });
}

/**
 * Runs the branches of a build side by side, each a build of its own under its own lease. When all have come to the
 * state at which they join, the build completes it as well.
 * @param only keys of the branches to run; those of others are left as they are. @default all
 * @throws BlockedError when the build waits for branches that the file does not have
 */
export async function runBranches(work: BranchWork, only?: readonly string[]): Promise<JoinOutcome> {
  const { run, join } = work;
  const { notes, client } = run.around;
  const parent = await client.builds.get(run.handle.id);
  const members = join.fanOut.branches.filter(({ key }) => {
    const letGo = (knownBranch(parent, key)?.letGoAt ?? null) !== null;
    if (letGo) notes.info(`The build goes on without branch ${key}, as somebody has decided.`);
    return !letGo && (only === undefined || only.includes(key));
  });
  const keys = members.map(({ key }) => key);
  notes.info(`Branches ${keys.join(', ')} run to state ${join.code}, ${join.fanOut.parallel} at a time.`);
  const results = await sideBySide(work, members);
  tell(work, results);
  const ending = endingOf(work, results);
  if (ending !== undefined) return { kind: 'ended', ending };
  const { blockedBy } = await client.builds.get(run.handle.id);
  const others = join.fanOut.branches.filter(
    ({ key }) => !keys.includes(key) && knownBranch(parent, key) === undefined,
  );
  const awaited = [
    ...blockedBy.map(({ branchKey }) => branchKey),
    ...(only === undefined ? [] : others.map(({ key }) => key)),
  ];
  if (only !== undefined && awaited.length > 0) {
    notes.info(`Build ${run.handle.label} waits at state ${join.code} for ${awaited.join(', ')}.`);
    return { kind: 'waits' };
  }
  await recordJoin(
    work,
    join.fanOut.branches.map(({ key }) => key),
  );
  return { kind: 'joined' };
}
