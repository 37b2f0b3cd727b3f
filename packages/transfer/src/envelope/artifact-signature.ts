import type { Artifact, KeyRing } from '@buildstate/core';
import { IntegrityError, timestamp } from '@buildstate/core/light';
import { signEnvelope } from './sign-envelope.ts';
import { verifyEnvelope } from './verify-envelope.ts';

/**
 * Makes the function that signs what is recorded of an artifact, for `TrackerParts.sign`. Its text is the signed
 * envelope; `null` where there is nothing to vouch for: no active key, or bytes not known by SHA-256 and size.
 * @param now the present moment, in milliseconds since the epoch
 */
export function artifactSigner(keyRing: KeyRing, now: () => number): (artifact: Artifact) => string | null {
  return (artifact) => {
    const { checksum, checksumAlgorithm, sizeBytes, attempt, contentType } = artifact;
    if (!keyRing.available || checksumAlgorithm !== 'sha256' || checksum === null || sizeBytes === null)
      return null;
    const payload = {
      sha256: checksum,
      size_bytes: sizeBytes,
      created_at: timestamp(now()),
      expires_at: artifact.expiresAt,
      artifact_id: artifact.id,
      build_id: artifact.buildId,
      state_code: artifact.stateCode,
      name: artifact.artifactName,
      ...(attempt !== null && { attempt }),
      ...(contentType !== null && { content_type: contentType }),
    };
    return new TextDecoder().decode(signEnvelope(payload, keyRing));
  };
}

/** The fields of a record that its signature vouches for. */
export type SignedRecord = Pick<
  Artifact,
  'id' | 'buildId' | 'stateCode' | 'artifactName' | 'checksum' | 'sizeBytes' | 'signature'
>;

/**
 * Checks that a record says of its bytes what was signed: a record that somebody changed past the tracker is
 * refused. Records without a signature are "integrity only" and pass, as does everything where there is no key
 * to check with.
 * @param now the present moment, in milliseconds since the epoch
 * @throws IntegrityError when the signature is wrong, its key unknown or retired, or it speaks of other bytes
 */
export function checkArtifactSignature(artifact: SignedRecord, keyRing: KeyRing, now: number): void {
  if (artifact.signature === null || !keyRing.available) return;
  const { checksum, sizeBytes, id, buildId, stateCode, artifactName } = artifact;
  if (checksum === null || sizeBytes === null) {
    throw new IntegrityError(
      `Signature verification failed: the record of ${artifactName} lost its digest or size.`,
    );
  }
  verifyEnvelope(new TextEncoder().encode(artifact.signature), keyRing, {
    sha256: checksum,
    size_bytes: sizeBytes,
    artifact_id: id,
    build_id: buildId,
    state_code: stateCode,
    name: artifactName,
    now,
  });
}
