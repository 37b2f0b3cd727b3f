import type { BuildDraft } from '../build/draft.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import type { Artifact } from './artifact.ts';
import { findArtifact } from './decide-change.ts';
import { eventFacts } from './decide-register.ts';

/**
 * Protects an artifact from deletion and clean-up, or ends that. Doing it again changes nothing.
 * @param pinned whether it is to be protected
 * @throws NotFoundError, also for an artifact that was deleted
 */
export function decidePin(draft: BuildDraft, reference: string, pinned: boolean): Artifact {
  const artifact = findArtifact(draft, reference);
  if (artifact.deletedAt !== null) {
    throw new NotFoundError(
      `The artifact "${artifact.artifactName}" (${artifact.id}) was deleted at ${artifact.deletedAt}. ` +
        'Register it again before you pin it.',
      { context: { artifact_id: artifact.id } },
    );
  }
  if ((artifact.pinnedAt !== null) === pinned) return artifact;
  const changed: Artifact = { ...artifact, pinnedAt: pinned ? draft.now : null, updatedAt: draft.now };
  draft.artifacts.put(changed);
  draft.event('artifact.updated', { ...eventFacts(changed), fields: ['pinned_at'] });
  return changed;
}
