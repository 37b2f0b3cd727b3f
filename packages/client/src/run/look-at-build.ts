import { defaultCatalogue, NotFoundError, timestamp } from '@buildstate/core';
import type { BuildDetails } from '../api/builds.ts';
import { type BuildMaterial, Memory } from '../step/state/memory.ts';
import type { Surroundings } from '../step/surroundings.ts';
import type { BuildFile } from './file/build-file.ts';
import { type BuildRecord, judgeStates } from './judge-states.ts';
import { resolveBounds, type WantedBounds } from './plan/bounds.ts';
import { type BuildFacts, planRun, type RunBounds, type RunPlan } from './plan/plan-run.ts';

/** The catalogue of the file's project; of one that is not there yet, the one that it will start with. */
async function catalogueFor({ client, clock }: Surroundings, { project }: BuildFile) {
  try {
    return await client.stateCodes.list(project);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return defaultCatalogue(() => '', timestamp(clock.now()));
  }
}

/** What the record says of a build that is not there yet. */
async function nothingYet(around: Surroundings, file: BuildFile): Promise<BuildRecord> {
  const catalogue = await catalogueFor(around, file);
  return { attempts: [], material: { artifacts: [], variables: [] }, catalogue };
}

async function recordOf(around: Surroundings, build: BuildDetails, memory: Memory): Promise<BuildRecord> {
  const { client } = around;
  const [attempts, material, catalogue] = await Promise.all([
    client.builds.attempts(build.id).all(),
    memory.load(client, build.id),
    client.stateCodes.list(build.projectId),
  ]);
  return { attempts, material, catalogue };
}

function factsOf(build: BuildDetails | undefined, { attempts, material }: BuildRecord): BuildFacts {
  const done = attempts.filter(({ status }) => status === 'completed' || status === 'skipped');
  return {
    status: build?.status ?? 'pending',
    currentState: build?.currentState ?? 0,
    failedState: build?.failedState ?? null,
    // A branch goes back to its fork, and no further.
    doneStates: [...new Set([...done.map(({ state }) => state), build?.branchedFromState ?? 0])],
    artifacts: material.artifacts,
  };
}

/** What a run of a file will do with a build, looked at now. */
export interface RunOutlook {
  /** What it will do. */
  readonly plan: RunPlan;
  /** What the build has gathered. */
  readonly material: BuildMaterial;
  /** What people call each state, by code. */
  readonly names: ReadonlyMap<number, string>;
  /** The codes between which the user wants it to run. */
  readonly bounds: RunBounds;
}

/**
 * Looks at a build and decides what a run does with it. Changes nothing.
 * @param build `undefined` for one that is not there yet
 * @throws NotFoundError for a bound that the file does not have or a need that nobody makes; NotResumableError
 *   when a state before the wanted first one is not done
 */
export async function lookAtBuild(
  around: Surroundings,
  file: BuildFile,
  build: BuildDetails | undefined,
  wanted: WantedBounds,
  memory: Memory = new Memory(),
): Promise<RunOutlook> {
  const record = build === undefined ? await nothingYet(around, file) : await recordOf(around, build, memory);
  const states = await judgeStates(around, file, record);
  const bounds: RunBounds = resolveBounds(states, wanted);
  const names = new Map(states.map(({ state, name }) => [state.code, name]));
  return { plan: planRun(states, factsOf(build, record), bounds), names, material: record.material, bounds };
}
