import { type Artifact, isLiveArtifact, isOffered } from '../artifact/artifact.ts';
import type { Build } from '../build/build.ts';
import type { Timestamp } from '../build/timestamp.ts';

/** Of two versions of a name the one that it stands for: the live one, else the newer. */
function standing(a: Artifact, b: Artifact): Artifact {
  if (isLiveArtifact(a) !== isLiveArtifact(b)) return isLiveArtifact(a) ? a : b;
  return a.version > b.version ? a : b;
}

/**
 * The artifacts that a build resumed at a state starts from, by state: of each name what it stood for at the last
 * completed state before. A version that a later state has made in the meantime does not count, nor does it hide
 * the one before it.
 * @param artifacts all records of the build, superseded ones included
 * @param from the state resumed at
 * @param inherited what a branch has from the builds above it; a name that it has itself hides theirs. @default nothing
 */
export function offeredArtifacts(
  artifacts: readonly Artifact[],
  { build: { lastSuccessfulState } }: { readonly build: Pick<Build, 'lastSuccessfulState'> },
  from: number,
  now: Timestamp,
  inherited: readonly Artifact[] = [],
): Artifact[] {
  const names = new Map<string, Artifact>();
  const isBefore = ({ stateCode }: Artifact) =>
    stateCode <= lastSuccessfulState && (from > lastSuccessfulState || stateCode < from);
  for (const artifact of artifacts) {
    const { artifactName, deletedAt } = artifact;
    if (!isBefore(artifact) || deletedAt !== null) continue;
    const known = names.get(artifactName);
    names.set(artifactName, known === undefined ? artifact : standing(known, artifact));
  }
  const above = inherited.filter((artifact) => isBefore(artifact) && !names.has(artifact.artifactName));
  return [...above, ...names.values()]
    .filter((artifact) => isOffered(artifact, now))
    .sort((a, b) => a.stateCode - b.stateCode);
}
