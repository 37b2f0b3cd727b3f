import type { BuildDraft } from '../build/draft.ts';
import { type Artifact, isLiveArtifact } from './artifact.ts';

/** The newest version of a name that a rollback leaves standing. */
function newestUpTo(artifacts: readonly Artifact[], target: number): Artifact | undefined {
  return artifacts
    .filter(({ stateCode, deletedAt }) => stateCode <= target && deletedAt === null)
    .reduce<Artifact | undefined>(
      (newest, one) => (newest !== undefined && newest.version > one.version ? newest : one),
      undefined,
    );
}

/**
 * What a rollback means for artifacts: those made after the target stop being resumable and are kept, and a name
 * stands again for what it stood for at the target. The draft must have been made with all artifacts.
 */
export function rollBackArtifacts(draft: BuildDraft, target: number): void {
  const undone = draft.loaded.artifacts.filter(
    ({ stateCode, deletedAt }) => stateCode > target && deletedAt === null,
  );
  for (const artifact of undone) {
    const versions = draft.loaded.artifacts.filter((one) => one.artifactName === artifact.artifactName);
    const standing = isLiveArtifact(artifact) ? newestUpTo(versions, target) : undefined;
    if (standing !== undefined)
      draft.artifacts.put({ ...standing, supersededBy: null, updatedAt: draft.now });
    if (!artifact.isResumable && standing === undefined) continue;
    draft.artifacts.put({
      ...artifact,
      isResumable: false,
      supersededBy: standing?.id ?? artifact.supersededBy,
      updatedAt: draft.now,
    });
  }
}
