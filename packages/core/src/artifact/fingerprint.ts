import type { ArtifactReference } from '../build/attempt.ts';
import { parseChecksum } from './checksum.ts';
import { canonicalBackend } from './storage-type.ts';

/**
 * A text that is equal for two references to the same artifact, whatever the spelling of its store and checksum;
 * `null` for a reference to none.
 * @throws ValidationError for a checksum that is none
 */
export function artifactFingerprint(reference: ArtifactReference): string | null {
  if (reference.artifactStoragePath === null) return null;
  const { artifactChecksum } = reference;
  const checksum = artifactChecksum === null ? null : parseChecksum(artifactChecksum).hex;
  return JSON.stringify([
    canonicalBackend(reference.artifactStorageType ?? ''),
    reference.artifactStoragePath,
    reference.artifactSizeBytes,
    checksum,
  ]);
}
