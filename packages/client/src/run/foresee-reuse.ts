import { BuildStateError } from '@buildstate/core';
import type { BuildDetails } from '../api/builds.ts';
import type { ArtifactRecord } from '../artifact/artifact-record.ts';
import { stepFingerprint } from '../step/inputs/gather-inputs.ts';
import { hashInputs } from '../step/inputs/hash-inputs.ts';
import { type EarlierOutputs, earlierOutputs } from '../step/reuse/find-earlier.ts';
import { reuseKey } from '../step/reuse/reuse-key.ts';
import type { BuildMaterial, KnownArtifact } from '../step/state/memory.ts';
import type { Surroundings } from '../step/surroundings.ts';
import type { BuildFile, FileState } from './file/build-file.ts';
import { reuseOf, stepOf } from './judge-states.ts';
import type { PlanEntry, RunPlan } from './plan/plan-run.ts';

/** What a run is foreseen with. */
export interface Foreseeing {
  /** Where the work would be done. */
  readonly around: Surroundings;
  /** The build file. */
  readonly file: BuildFile;
  /** The build; `undefined` for one that is not there yet. */
  readonly build: BuildDetails | undefined;
  /** What the build has gathered. */
  readonly material: BuildMaterial;
  /** What the command line says of reuse. @default what the file says */
  readonly reuse?: boolean | undefined;
}

/** What the build has gathered, with what a reused state would add. */
function withOutputs(
  material: BuildMaterial,
  { artifacts, variables }: EarlierOutputs,
  state: FileState,
): BuildMaterial {
  const taken = artifacts.map((artifact: ArtifactRecord): KnownArtifact => {
    const versions = material.artifacts
      .filter(({ artifactName }) => artifactName === artifact.artifactName)
      .map(({ version }) => version);
    return { ...artifact, stateCode: state.code, version: Math.max(0, ...versions) + 1 };
  });
  const set = new Set(variables.map(({ variableKey }) => variableKey));
  const others = material.variables.filter(({ variableKey }) => !set.has(variableKey));
  return { artifacts: [...material.artifacts, ...taken], variables: [...others, ...variables] };
}

/** What an earlier build has for a state, as far as can be told before the states before it have run. */
async function outputsFor(
  { around, file, build, reuse }: Foreseeing,
  state: FileState,
  entry: PlanEntry,
  material: BuildMaterial,
): Promise<EarlierOutputs | undefined> {
  const step = stepOf(state, entry.name, 'sh', reuseOf(file, state, reuse));
  if (step.reuse?.wanted !== true) return undefined;
  try {
    const hashes = await hashInputs(around.folder, step.inputs, { signal: around.interrupts.aborted });
    const key = reuseKey(step, stepFingerprint(step, hashes, material), material.variables);
    if (key === undefined) return undefined;
    const project = build?.projectId ?? file.project;
    const looking = { client: around.client, project, buildId: build?.id, now: around.clock.now() };
    for await (const outputs of earlierOutputs(looking, step, key)) return outputs;
  } catch (error) {
    // An input that is made by an earlier state, or a project that is not there yet: there is nothing to foresee.
    if (!(error instanceof BuildStateError) || error.kind !== 'not_found') throw error;
  }
  return undefined;
}

/**
 * The plan with the states that would take what earlier builds have made, instead of running. Bytes are looked at only
 * when that is done, so that a state may run after all.
 */
export async function foreseeReuse(foreseeing: Foreseeing, plan: RunPlan): Promise<RunPlan> {
  const { file } = foreseeing;
  let { material } = foreseeing;
  // Products of states that will run: what needs them cannot be foreseen.
  const unknown = new Set<string>();
  const entries: PlanEntry[] = [];
  for (const entry of plan.entries) {
    const state = file.states.find(({ code }) => code === entry.code);
    if (state === undefined || entry.action !== 'run') {
      entries.push(entry);
      continue;
    }
    const known = state.needs.every(({ name }) => !unknown.has(name));
    const outputs = known ? await outputsFor(foreseeing, state, entry, material) : undefined;
    if (outputs === undefined) {
      for (const { name } of state.produces) unknown.add(name);
      entries.push(entry);
      continue;
    }
    for (const { name } of state.produces) unknown.delete(name);
    material = withOutputs(material, outputs, state);
    const reason = `${entry.reason}; build ${outputs.build.label} has made the same of the same inputs`;
    entries.push({ ...entry, action: 'reuse', reason });
  }
  return { ...plan, entries };
}
