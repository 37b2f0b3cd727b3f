import type { ArtifactReference } from '../build/attempt.ts';
import { canonicalBackend } from './storage-type.ts';

/** A text that is equal for two references to the same artifact, whatever the spelling of its store and checksum. */
export function artifactFingerprint(reference: ArtifactReference): string | null {
  if (reference.artifactStoragePath === null) return null;
  const checksum = reference.artifactChecksum?.toLowerCase().replace(/^(sha256|md5):/, '') ?? null;
  return JSON.stringify([
    canonicalBackend(reference.artifactStorageType ?? ''),
    reference.artifactStoragePath,
    reference.artifactSizeBytes,
    checksum,
  ]);
}
