import { NotFoundError } from '@buildstate/core/light';
import type { Need, StepDefinition } from '../definition.ts';
import type { KnownArtifact } from '../state/memory.ts';

/** A need with the artifact that meets it. */
export interface ResolvedNeed extends Need {
  /** The artifact's record. */
  readonly artifact: KnownArtifact;
}

/** What of a step decides which artifacts it can get. */
type Wanting = Pick<StepDefinition, 'state' | 'produces' | 'needs'>;

/** Later states first, then later versions. */
function newestFirst(a: KnownArtifact, b: KnownArtifact): number {
  return b.stateCode - a.stateCode || b.version - a.version;
}

function isGood({ isResumable, verificationStatus, deletedAt }: KnownArtifact): boolean {
  return (
    isResumable && deletedAt === null && verificationStatus !== 'missing' && verificationStatus !== 'corrupt'
  );
}

/**
 * The artifact that a step gets under a name: the newest good one of the states before it. What the step itself
 * makes under the same name does not count, so that a second try starts from what the first one started from;
 * for the same reason a record may be superseded.
 */
export function artifactFor(
  name: string,
  { state, produces }: Omit<Wanting, 'needs'>,
  artifacts: readonly KnownArtifact[],
): KnownArtifact | undefined {
  const isOwn = produces.some((product) => product.name === name);
  return artifacts
    .filter((artifact) => artifact.artifactName === name && isGood(artifact))
    .filter(({ stateCode }) => stateCode < state || (stateCode === state && !isOwn))
    .toSorted(newestFirst)[0];
}

/**
 * Finds the artifacts that a step needs among a build's records.
 * @throws NotFoundError for one that no earlier state has made
 */
export function resolveNeeds(step: Wanting, artifacts: readonly KnownArtifact[]): ResolvedNeed[] {
  return step.needs.map((need) => {
    const artifact = artifactFor(need.name, step, artifacts);
    if (artifact !== undefined) return { ...need, artifact };
    const names = [...new Set(artifacts.filter(isGood).map(({ artifactName }) => artifactName))];
    throw new NotFoundError(
      `State ${step.state} needs the artifact "${need.name}", which no state before it has stored. ` +
        (names.length > 0 ? `There are: ${names.join(', ')}.` : 'The build has no artifacts.'),
      { context: { artifact_name: need.name, state: step.state } },
    );
  });
}

/** What identifies the bytes of an artifact: its digest, or for a cloud object its place. */
export function artifactDigest({ checksum, checksumAlgorithm, artifactPath }: KnownArtifact): string {
  return checksum === null ? artifactPath : `${checksumAlgorithm ?? 'sha256'}:${checksum}`;
}
