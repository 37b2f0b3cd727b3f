import type { VariableRecord } from '../../api/variables.ts';
import type { ArtifactRecord } from '../../artifact/artifact-record.ts';
import type { BuildStateClient } from '../../client.ts';
import { FileDigests } from '../needs/file-digest.ts';

/** What steps look at of an artifact. */
export type KnownArtifact = Pick<
  ArtifactRecord,
  | 'id'
  | 'artifactName'
  | 'stateCode'
  | 'version'
  | 'artifactPath'
  | 'sizeBytes'
  | 'checksum'
  | 'checksumAlgorithm'
  | 'isResumable'
  | 'expiresAt'
  | 'verificationStatus'
  | 'metadata'
  | 'deletedAt'
>;

/** What steps look at of a variable. */
export type KnownVariable = Pick<
  VariableRecord,
  'variableKey' | 'variableValue' | 'isSensitive' | 'updatedAt'
>;

/** What a build has gathered so far. */
export interface BuildMaterial {
  /** All artifacts, superseded ones included. */
  readonly artifacts: readonly KnownArtifact[];
  /** All variables; sensitive ones without their values, unless they were set here. */
  readonly variables: readonly KnownVariable[];
}

function isSame(a: KnownArtifact, b: KnownArtifact): boolean {
  return a.artifactName === b.artifactName && a.stateCode === b.stateCode && a.checksum === b.checksum;
}

/**
 * What one process knows of a build: what the tracker told it, and what it has made itself. While the tracker is
 * away, a run goes on from that.
 */
export class Memory {
  /** What files hold. */
  readonly digests = new FileDigests();
  #told: BuildMaterial | undefined;
  #made: KnownArtifact[] = [];
  readonly #set = new Map<string, KnownVariable>();

  /** Asks the tracker what the build has gathered. @throws UnreachableError */
  async load(client: BuildStateClient, build: string): Promise<BuildMaterial> {
    const [artifacts, variables] = await Promise.all([
      client.artifacts.list(build, { includeDeleted: true, includeInherited: true }).all(),
      client.variables.list(build),
    ]);
    this.#told = { artifacts, variables };
    return this.material ?? this.#told;
  }

  /** What is known without asking; `undefined` when the tracker has told nothing yet. */
  get material(): BuildMaterial | undefined {
    if (this.#told === undefined) return undefined;
    const { artifacts, variables } = this.#told;
    const unseen = this.#made.filter((made) => !artifacts.some((artifact) => isSame(artifact, made)));
    const known = new Map(variables.map((variable) => [variable.variableKey, variable]));
    return {
      artifacts: [...artifacts, ...unseen],
      variables: [...new Map<string, KnownVariable>([...this.#set, ...known]).values()],
    };
  }

  /** Notes an artifact that was stored here, whether or not the tracker knows of it. */
  noteArtifact(artifact: Omit<KnownArtifact, 'version'>): void {
    const earlier = (this.material?.artifacts ?? []).filter(
      ({ artifactName }) => artifactName === artifact.artifactName,
    );
    const version = 1 + Math.max(0, ...earlier.map((each) => each.version));
    this.#made = [
      ...this.#made.filter((made) => !isSame(made, { ...artifact, version })),
      { ...artifact, version },
    ];
  }

  /** Notes a variable that the tracker could not be told of. */
  noteVariable(variable: KnownVariable): void {
    this.#set.set(variable.variableKey, variable);
  }
}
