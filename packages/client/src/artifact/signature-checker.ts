import type { KeyRing } from '@buildstate/core';
import type { SignedRecord } from '@buildstate/transfer';

/**
 * A check of artifacts' records that throws an `IntegrityError` when a signature is wrong; a record without one passes,
 * as does everything when the key ring is empty. Loads the code of transfers.
 * @param now milliseconds since the epoch
 */
export async function signatureChecker(
  keyRing: KeyRing,
  now: () => number,
): Promise<(artifact: SignedRecord) => void> {
  const { checkArtifactSignature } = await import('@buildstate/transfer');
  return (artifact) => checkArtifactSignature(artifact, keyRing, now());
}
