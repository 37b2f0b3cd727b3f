import { IntegrityError, NotFoundError } from '@buildstate/core/light';
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

/** Whatever is recorded under a name before a step, good or not, newest first. */
function candidates(
  name: string,
  { state, produces }: Omit<Wanting, 'needs'>,
  artifacts: readonly KnownArtifact[],
): KnownArtifact[] {
  const isOwn = produces.some((product) => product.name === name);
  return artifacts
    .filter(({ artifactName }) => artifactName === name)
    .filter(({ stateCode }) => stateCode < state || (stateCode === state && !isOwn))
    .toSorted(newestFirst);
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
  return candidates(name, { state, produces }, artifacts).find(isGood);
}

/** The error for a need that nothing meets: what there was is damaged or gone, or it never was. */
function unmetError(name: string, step: Wanting, artifacts: readonly KnownArtifact[]): Error {
  const [last] = candidates(name, step, artifacts).filter(
    ({ isResumable, deletedAt }) => isResumable && deletedAt === null,
  );
  const { state } = step;
  if (last !== undefined) {
    const { stateCode, verificationStatus: status } = last;
    const context = { artifact_name: name, artifact_id: last.id, state, made_at_state: stateCode };
    const advice = `Roll the build back to before state ${stateCode} and run state ${stateCode} again.`;
    const subject = `The artifact "${name}" of state ${stateCode}, which state ${state} needs,`;
    return status === 'corrupt'
      ? new IntegrityError(`${subject} is corrupt: its bytes are not those that were stored. ${advice}`, {
          context,
        })
      : new NotFoundError(`${subject} is missing from its storage. ${advice}`, { context });
  }
  const names = [...new Set(artifacts.filter(isGood).map(({ artifactName }) => artifactName))];
  return new NotFoundError(
    `State ${state} needs the artifact "${name}", which no state before it has stored. ` +
      (names.length > 0 ? `There are: ${names.join(', ')}.` : 'The build has no artifacts.'),
    { context: { artifact_name: name, state } },
  );
}

/**
 * Finds the artifacts that a step needs among a build's records.
 * @throws NotFoundError for one that no earlier state has made or that is missing; IntegrityError for one that is
 *   known to be corrupt
 */
export function resolveNeeds(step: Wanting, artifacts: readonly KnownArtifact[]): ResolvedNeed[] {
  return step.needs.map((need) => {
    const artifact = artifactFor(need.name, step, artifacts);
    if (artifact !== undefined) return { ...need, artifact };
    throw unmetError(need.name, step, artifacts);
  });
}

/** What identifies the bytes of an artifact: its digest, or for a cloud object its place. */
export function artifactDigest({ checksum, checksumAlgorithm, artifactPath }: KnownArtifact): string {
  return checksum === null ? artifactPath : `${checksumAlgorithm ?? 'sha256'}:${checksum}`;
}
