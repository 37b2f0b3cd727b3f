import type { Artifact } from '../artifact/artifact.ts';
import { PinnedError } from '../errors/pinned-error.ts';
import type { BuildDraft } from './draft.ts';

/**
 * Deletes a build softly: it is seen no more, and its history goes with time. The draft must have been made with all of
 * the build's artifacts.
 * @throws PinnedError while somebody has pinned one of them
 */
export function decideDelete(draft: BuildDraft, artifacts: readonly Artifact[]): void {
  const { project, buildNumber, endTime } = draft.build;
  const pinned = artifacts.find(({ pinnedAt, deletedAt }) => pinnedAt !== null && deletedAt === null);
  if (pinned !== undefined) {
    throw new PinnedError(
      `Build ${project}:${buildNumber} has the artifact "${pinned.artifactName}" (${pinned.id}), which is pinned since ` +
        `${pinned.pinnedAt}, so it is not deleted. If nobody needs it any more, unpin it first: ` +
        `\`bldst artifact unpin ${project}:${buildNumber} ${pinned.id}\`.`,
      { context: { artifact_id: pinned.id, pinned_at: pinned.pinnedAt } },
    );
  }
  draft.patch({ deletedAt: draft.now, endTime: endTime ?? draft.now });
  draft.event('build.deleted');
}
