import type { ExpectedBytes } from '@buildstate/transfer';
import type { ArtifactRecord } from './artifact-record.ts';

/** What an artifact's bytes must be, as its record says. */
export function expectedBytes({
  sizeBytes,
  checksum,
  checksumAlgorithm,
}: Pick<ArtifactRecord, 'sizeBytes' | 'checksum' | 'checksumAlgorithm'>): ExpectedBytes {
  return {
    ...(sizeBytes !== null && { sizeBytes }),
    ...(checksum !== null && checksumAlgorithm !== null && { [checksumAlgorithm]: checksum }),
  };
}
