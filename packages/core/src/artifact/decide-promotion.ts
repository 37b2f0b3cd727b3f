import type { BuildDraft } from '../build/draft.ts';
import type { Timestamp } from '../build/timestamp.ts';
import { NotPromotableError } from '../errors/not-promotable-error.ts';
import type { Artifact } from './artifact.ts';
import { findArtifact } from './decide-change.ts';
import { eventFacts } from './decide-register.ts';

/** Who makes an artifact a deliverable, and why. */
export interface Promotion {
  /** Who. */
  readonly promotedBy: string;
  /** Why. */
  readonly reason: string | null;
}

/** Why an artifact is not fit to be a deliverable, with what to do about it; `undefined` when it is. */
function unfitness(artifact: Artifact, now: Timestamp): string | undefined {
  const { deletedAt, supersededBy, verificationStatus, expiresAt } = artifact;
  if (deletedAt !== null) return `was deleted at ${deletedAt}. Register it again first`;
  if (supersededBy !== null)
    return `has a newer version, ${supersededBy}. Promote that one, or register the old bytes again`;
  if (verificationStatus === 'corrupt') return 'is corrupt. Produce it again';
  if (verificationStatus === 'missing') return 'is missing from its storage. Restore its bytes and verify it';
  if (expiresAt !== null && expiresAt <= now)
    return `expired at ${expiresAt}. Give it a later expiry if its bytes are kept`;
  return undefined;
}

/**
 * Makes an artifact a deliverable and its build releasable. Promoting it again changes nothing, not even the reason.
 * The signature covers none of the fields that change, so it stays as it is. The draft must have been made with all
 * artifacts.
 * @throws NotFoundError, NotPromotableError
 */
export function decidePromotion(draft: BuildDraft, reference: string, promotion: Promotion): Artifact {
  const artifact = findArtifact(draft, reference);
  const unfit = unfitness(artifact, draft.now);
  if (unfit !== undefined) {
    const { id, artifactName, version } = artifact;
    throw new NotPromotableError(
      `Version ${version} of the artifact "${artifactName}" (${id}) cannot be promoted: it ${unfit}.`,
      { context: { artifact_id: id, artifact_name: artifactName } },
    );
  }
  if (artifact.promotedAt !== null) return artifact;
  const { promotedBy, reason } = promotion;
  const promoted: Artifact = {
    ...artifact,
    isFinal: true,
    promotedAt: draft.now,
    promotedBy,
    promotionReason: reason,
    updatedAt: draft.now,
  };
  draft.artifacts.put(promoted);
  draft.patch({ releasableAt: draft.build.releasableAt ?? draft.now });
  draft.event('artifact.promoted', { ...eventFacts(promoted), promoted_by: promotedBy, reason });
  return promoted;
}
