import type { AttemptRecord } from '../../api/builds.ts';
import type { VariableRecord } from '../../api/variables.ts';
import type { ArtifactRecord, FoundArtifact } from '../../artifact/artifact-record.ts';
import type { BuildStateClient } from '../../client.ts';
import type { StepDefinition } from '../definition.ts';
import { madeFromField } from './reuse-key.ts';

/** What an earlier build has made of the same inputs. */
export interface EarlierOutputs {
  /** The build. */
  readonly build: { readonly id: string; readonly label: string };
  /** The attempt that made them. */
  readonly attempt: AttemptRecord;
  /** Everything that the step makes. */
  readonly artifacts: readonly [ArtifactRecord, ...ArtifactRecord[]];
  /** The variables that the attempt has set. */
  readonly variables: readonly VariableRecord[];
}

/** Artifacts and builds that are looked at. */
const mostArtifacts = 50;
const mostBuilds = 5;

/** Where outputs are looked for. */
export interface LookingBack {
  /** The tracker. */
  readonly client: BuildStateClient;
  /** Id or name of the project. */
  readonly project: string;
  /** Id of the build that wants them; its own do not count. */
  readonly buildId: string | undefined;
  /** The time, in milliseconds since the epoch. */
  readonly now: number;
}

function isFit(artifact: FoundArtifact, { state }: StepDefinition, now: number): boolean {
  const { stateCode, isResumable, verificationStatus: status, expiresAt } = artifact;
  const expired = expiresAt !== null && Date.parse(expiresAt) <= now;
  return stateCode === state && isResumable && !expired && status !== 'missing' && status !== 'corrupt';
}

/** Of every product of the step the newest one; `undefined` when one is not there. */
function productsOf(
  { produces }: StepDefinition,
  artifacts: readonly FoundArtifact[],
): EarlierOutputs['artifacts'] | undefined {
  const found = produces.map(({ name }) => artifacts.find(({ artifactName }) => artifactName === name));
  const [first, ...others] = found.flatMap((artifact) => artifact ?? []);
  return first === undefined || others.length + 1 < produces.length ? undefined : [first, ...others];
}

async function outputsOf(
  { client }: LookingBack,
  step: StepDefinition,
  key: string,
  artifacts: EarlierOutputs['artifacts'],
): Promise<EarlierOutputs | undefined> {
  const { buildId: id, project, buildNumber } = artifacts[0] as FoundArtifact;
  const [attempts, variables] = await Promise.all([
    client.builds.attempts(id, { state: step.state, status: 'completed' }).all(),
    client.variables.list(id),
  ]);
  const attempt = attempts.findLast(({ metadata }) => metadata[madeFromField] === key);
  const set = variables.filter(({ setAtState }) => setAtState === step.state);
  // What a secret was is known to its own build alone, so that the state has to run to set it.
  if (attempt === undefined || set.some(({ isSensitive }) => isSensitive)) return undefined;
  return { build: { id, label: `${project}:${buildNumber}` }, attempt, artifacts, variables: set };
}

/**
 * What earlier builds of the project have made of the same inputs, the newest first: completed, with live artifacts and
 * without secrets.
 * @param key what `reuseKey` gave
 */
export async function* earlierOutputs(
  looking: LookingBack,
  step: StepDefinition,
  key: string,
): AsyncGenerator<EarlierOutputs> {
  const byBuild = new Map<string, FoundArtifact[]>();
  let seen = 0;
  for await (const artifact of looking.client.artifacts.search({
    madeFrom: key,
    projectId: looking.project,
  })) {
    if (++seen > mostArtifacts) break;
    if (artifact.buildId === looking.buildId || !isFit(artifact, step, looking.now)) continue;
    byBuild.set(artifact.buildId, [...(byBuild.get(artifact.buildId) ?? []), artifact]);
  }
  for (const artifacts of [...byBuild.values()].slice(0, mostBuilds)) {
    const products = productsOf(step, artifacts);
    const outputs = products && (await outputsOf(looking, step, key, products));
    if (outputs !== undefined) yield outputs;
  }
}
