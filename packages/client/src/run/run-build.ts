import { BuildClosedError, ConfigurationError, NotFoundError } from '@buildstate/core';
import type { BuildDetails } from '../api/builds.ts';
import { acquireLease } from '../step/state/acquire-lease.ts';
import { type BuildHandle, giveUpLease } from '../step/state/build-handle.ts';
import { Memory } from '../step/state/memory.ts';
import { asInterruption } from '../step/state/step-result.ts';
import type { Surroundings } from '../step/surroundings.ts';
import { type BuildFile, statesWithCommands } from './file/build-file.ts';
import { createBuild, findBuild } from './find-build.ts';
import { hasCode } from './has-code.ts';
import { linkOwnJob } from './link-job.ts';
import { lookAtBuild, type RunOutlook } from './look-at-build.ts';
import { hasWork, isClosed, labelOf, moveTo } from './move-build.ts';
import { prepareProject } from './prepare-project.ts';
import { proveBuild } from './prove-build.ts';
import type { RunRequest } from './run-request.ts';
import type { RunResult } from './run-result.ts';
import { runStates } from './run-states.ts';

/**
 * What surrounds the commands of a build file: its folder, its environment, its secrets.
 * @throws ConfigurationError for a secret that is not set
 */
export function surroundingsOf(file: BuildFile, around: Surroundings): Surroundings {
  const missing = file.secrets.filter((name) => !around.environment[name]);
  if (missing.length > 0) {
    throw new ConfigurationError(
      `The build file takes ${missing.join(', ')} from the environment, where ${missing.length === 1 ? 'it is' : 'they are'} not set.`,
      { context: { secrets: missing } },
    );
  }
  around.masker.add(file.secrets.map((name) => around.environment[name] ?? ''));
  // Files at the places of declared outputs belong to the build: what is there is from an earlier state or build.
  return { ...around, folder: file.folder, environment: { ...around.environment, ...file.env }, force: true };
}

/** The error for work on a build that accepts nothing more. */
function closedError(build: BuildDetails, { plan }: RunOutlook): BuildClosedError {
  const first = plan.entries.find(({ action }) => action === 'run');
  return new BuildClosedError(
    `Build ${labelOf(build)} is ${build.status} and accepts nothing more, but state ${first?.code} ${first?.reason}. ` +
      'Start another build with --new and another number.',
    { context: { build_id: build.id, status: build.status } },
  );
}

function nothingToDo(around: Surroundings, build: BuildDetails, { plan }: RunOutlook): RunResult {
  const end = build.status === 'completed' ? 'It is completed.' : `It is at state ${build.currentState}.`;
  around.notes.info(`Nothing to run in build ${labelOf(build)}. ${end} Start another with --new.`);
  const skipped = plan.entries.filter(({ action }) => action === 'skip').map(({ code }) => code);
  return { outcome: 'completed', exitCode: 0, build, completed: [], reused: [], skipped };
}

/** The first state that is to run. */
function firstToRun({ plan }: RunOutlook): number | undefined {
  return plan.entries.find(({ action }) => action === 'run')?.code;
}

/** What a run under a lease knows. */
interface HeldRun {
  readonly around: Surroundings;
  readonly handle: BuildHandle;
  readonly request: RunRequest;
  readonly memory: Memory;
}

/** Does what was decided on a build as it was looked at. */
async function runOutlook(
  { around, handle, request, memory }: HeldRun,
  build: BuildDetails,
  outlook: RunOutlook,
): Promise<RunResult> {
  const { client, notes } = around;
  const { file, reuse } = request;
  for (const { code, name, action, reason } of outlook.plan.entries) {
    if (action === 'skip') notes.info(`State ${code} (${name}) ${reason}; it is not run again.`);
  }
  await prepareProject(client, build.projectId, statesWithCommands(file.states));
  await linkOwnJob(around, build, firstToRun(outlook) ?? 0);
  await moveTo(around, handle, outlook);
  return runStates({ around, file, build, handle, outlook, memory, reuse }, request);
}

/** Whether a run ended because bytes that it needed are gone or damaged, which is on record by now. */
function hasMetBadBytes(result: RunResult): boolean {
  if (result.outcome !== 'failed') return false;
  return hasCode(result.error, 'integrity') || hasCode(result.error, 'storage_not_found');
}

/** The build and what is to be done further back, now that bytes are known to be bad; nothing when nothing is. */
async function lookFurtherBack({ around, handle, request, memory }: HeldRun, begun: number) {
  const build = await around.client.builds.get(handle.id);
  try {
    const outlook = await lookAtBuild(around, request.file, build, request, memory);
    const first = firstToRun(outlook);
    return first === undefined || first >= begun ? undefined : { build, outlook };
  } catch (error) {
    // Nobody makes what is needed: what failed first is what there is to say.
    if (hasCode(error, 'not_found') || hasCode(error, 'not_resumable')) return undefined;
    throw error;
  }
}

/** Runs a build whose lease is held. @throws as `runBuild` */
export async function underLease(run: HeldRun): Promise<RunResult> {
  const { around, handle, request, memory } = run;
  const { notes, client } = around;
  const { verify = false } = request;
  if (verify !== false) await proveBuild(around, handle.id, verify);
  // Looked at only now: whoever held the lease a moment ago may have moved the build on.
  let build = await client.builds.get(handle.id);
  let outlook = await lookAtBuild(around, request.file, build, request, memory);
  if (!hasWork(outlook)) return nothingToDo(around, build, outlook);
  notes.info(`Build ${handle.label} (${build.id})`);
  for (;;) {
    const result = await runOutlook(run, build, outlook);
    if (!hasMetBadBytes(result)) return result;
    // Each time it begins earlier, so that this comes to an end.
    const back = await lookFurtherBack(run, firstToRun(outlook) ?? 0);
    if (back === undefined) return result;
    ({ build, outlook } = back);
    notes.warn(`The run goes back to state ${firstToRun(outlook)}, which makes again what cannot be used.`);
  }
}

async function startOrContinue(
  around: Surroundings,
  details: BuildDetails,
  request: RunRequest,
): Promise<RunResult> {
  if (isClosed(details)) {
    const outlook = await lookAtBuild(around, request.file, details, request);
    if (hasWork(outlook)) throw closedError(details, outlook);
    return nothingToDo(around, details, outlook);
  }
  const lease = await acquireLease(around, details.id, request);
  const handle: BuildHandle = { id: details.id, label: labelOf(details), lease };
  try {
    return await underLease({ around, handle, request, memory: new Memory() });
  } finally {
    await giveUpLease(around, handle);
  }
}

async function findOrCreate(around: Surroundings, request: RunRequest): Promise<BuildDetails> {
  const { file, isNew = false } = request;
  const found = await findBuild(around.client, file, isNew);
  if (found !== undefined) return found;
  // A run that will be refused must not leave an empty build, which the next run would continue.
  await lookAtBuild(around, file, undefined, request);
  return createBuild(around, file, isNew);
}

/** @throws NotFoundError for a wanted branch that the file does not have */
function checkBranches({ file, branches = [] }: RunRequest): void {
  const known = file.states.flatMap(({ fanOut }) => fanOut?.branches.map(({ key }) => key) ?? []);
  const unknown = branches.find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new NotFoundError(
    `The build file has no branch "${unknown}". ${known.length === 0 ? 'It has none.' : `It has ${known.join(', ')}.`}`,
    { context: { branch_key: unknown } },
  );
}

/**
 * Starts or continues the build of a build file: completed states are skipped, the others run one after the
 * other under one lease.
 *
 * @throws StateInProgressError when somebody else runs it; BuildClosedError; NotFoundError for a need or an
 *   input that is not there; LeaseLostError; ConfigurationError; UnreachableError when the tracker is away at the
 *   beginning
 */
export async function runBuild(outer: Surroundings, request: RunRequest): Promise<RunResult> {
  const { file } = request;
  checkBranches(request);
  const around = surroundingsOf(file, outer);
  let build: BuildDetails | undefined;
  try {
    build = await findOrCreate(around, request);
    return await startOrContinue(around, build, request);
  } catch (error) {
    return { ...asInterruption(around, error), build, completed: [], reused: [], skipped: [] };
  }
}
