import type { BuildDraft } from '../build/draft.ts';
import { AlreadyExistsError } from '../errors/already-exists-error.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import { PinnedError } from '../errors/pinned-error.ts';
import type { EventType } from '../event/event.ts';
import { given } from '../text/given.ts';
import { toWire } from '../wire/casing.ts';
import { type Artifact, isLiveArtifact, type VerificationStatus } from './artifact.ts';
import { type ArtifactSigner, eventFacts, nextVersion } from './decide-register.ts';
import { checkReleasable, notPromoted } from './releasable.ts';

/**
 * The artifact with this id, or the live one with this name. The draft must have been made with all artifacts.
 * @throws NotFoundError
 */
export function findArtifact(draft: BuildDraft, reference: string): Artifact {
  const { project, buildNumber } = draft.build;
  return pickArtifact(draft.loaded.artifacts, reference, `${project}:${buildNumber}`);
}

/**
 * The artifact with this id, or the live one with this name.
 * @param build how the build is called, for the error
 * @throws NotFoundError
 */
export function pickArtifact(artifacts: readonly Artifact[], reference: string, build: string): Artifact {
  const found =
    artifacts.find(({ id }) => id === reference.toLowerCase()) ??
    artifacts.find((artifact) => artifact.artifactName === reference && isLiveArtifact(artifact));
  if (found !== undefined) return found;
  throw new NotFoundError(
    `Build ${build} has no artifact "${reference}". List them with \`bldst artifact list ${build}\`.`,
    { context: { artifact: reference } },
  );
}

/** The fields that may be changed after registration. */
export type ArtifactEdit = Partial<
  Pick<Artifact, 'artifactName' | 'isResumable' | 'isFinal' | 'expiresAt' | 'metadata'>
>;

/**
 * Changes an artifact's record; `metadata` is replaced as a whole.
 * @param sign makes the signed envelope anew
 * @throws NotFoundError, AlreadyExistsError when the new name is taken
 */
export function decideUpdateArtifact(
  draft: BuildDraft,
  reference: string,
  edit: ArtifactEdit,
  sign: ArtifactSigner = () => null,
): Artifact {
  const artifact = findArtifact(draft, reference);
  const fields = given(edit);
  const { artifactName = artifact.artifactName } = fields;
  const renamed = artifactName !== artifact.artifactName;
  if (renamed) checkNameFree(draft, artifactName);
  const version = renamed ? nextVersion(draft.loaded.artifacts, artifactName) : artifact.version;
  // What is no deliverable any more is not a promoted one either.
  const demoted = fields.isFinal === false ? notPromoted : {};
  const edited: Artifact = { ...artifact, ...fields, ...demoted, version, updatedAt: draft.now };
  // Name and expiry are part of what was signed.
  const changed = { ...edited, signature: artifact.signature === null ? null : sign(edited) };
  draft.artifacts.put(changed);
  checkReleasable(draft);
  draft.event('artifact.updated', {
    ...eventFacts(changed),
    fields: Object.keys(toWire(fields) as object),
  });
  return changed;
}

/** @throws AlreadyExistsError when a live artifact has the name */
function checkNameFree(draft: BuildDraft, name: string): void {
  if (!draft.loaded.artifacts.some((other) => other.artifactName === name && isLiveArtifact(other))) return;
  const { project, buildNumber } = draft.build;
  throw new AlreadyExistsError(
    `Build ${project}:${buildNumber} has another live artifact "${name}". Choose another name.`,
    { context: { artifact_name: name } },
  );
}

/** Deletes an artifact's record softly. Deleting it again changes nothing. @throws NotFoundError, PinnedError */
export function decideDeleteArtifact(draft: BuildDraft, reference: string): void {
  const artifact = findArtifact(draft, reference);
  if (artifact.deletedAt !== null) return;
  if (artifact.pinnedAt !== null) {
    throw new PinnedError(
      `The artifact "${artifact.artifactName}" (${artifact.id}) is pinned since ${artifact.pinnedAt}, so it is not ` +
        'deleted. Unpin it first, if nobody needs it any more.',
      { context: { artifact_id: artifact.id, pinned_at: artifact.pinnedAt } },
    );
  }
  draft.artifacts.put({ ...artifact, deletedAt: draft.now, isResumable: false, updatedAt: draft.now });
  checkReleasable(draft);
  draft.event('artifact.deleted', eventFacts(artifact));
}

const events: Partial<Record<VerificationStatus, EventType>> = {
  stored: 'artifact.verified',
  verified: 'artifact.verified',
  missing: 'artifact.missing',
  corrupt: 'artifact.corrupt',
};

/** Records what somebody saw of an artifact's bytes. @throws NotFoundError */
export function decideVerification(
  draft: BuildDraft,
  reference: string,
  status: VerificationStatus,
): Artifact {
  const artifact = findArtifact(draft, reference);
  const known = artifact.verificationStatus;
  // Having looked at the size says less than an earlier look at all bytes, whatever that found.
  const kept = status === 'stored' && (known === 'verified' || known === 'corrupt') ? known : status;
  const changed: Artifact = {
    ...artifact,
    verificationStatus: kept,
    lastVerifiedAt: draft.now,
    updatedAt: draft.now,
  };
  const type = events[kept];
  if (type === undefined) return artifact;
  draft.artifacts.put(changed);
  draft.event(type, { ...eventFacts(changed), verification_status: kept });
  return changed;
}
