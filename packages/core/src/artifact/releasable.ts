import type { BuildDraft } from '../build/draft.ts';
import type { Artifact } from './artifact.ts';

/** Fields of an artifact that nobody has made a deliverable. */
export const notPromoted = { promotedAt: null, promotedBy: null, promotionReason: null } as const;

/** A build is releasable as long as one of its artifacts is promoted and there. Call it after changes of artifacts. */
export function checkReleasable(draft: BuildDraft): void {
  if (draft.build.releasableAt === null) return;
  const isThere = ({ promotedAt, deletedAt }: Artifact) => promotedAt !== null && deletedAt === null;
  if (!draft.artifacts.over(draft.loaded.artifacts).some(isThere)) draft.patch({ releasableAt: null });
}
