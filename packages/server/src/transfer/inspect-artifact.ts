import {
  type Artifact,
  type ArtifactBackend,
  type ArtifactInspector,
  type Clock,
  type Crypto,
  type Inspection,
  IntegrityError,
  StorageNotFoundError,
} from '@buildstate/core';
import { checkArtifactSignature, verifyObject } from '@buildstate/transfer';

/** Where an artifact's bytes are, seen from this server. */
export interface ReachablePlace {
  /** The backend that keeps them. */
  readonly backend: ArtifactBackend;
  /** Their key there. */
  readonly key: string;
}

/** What an inspector is built on. */
export interface InspectorParts {
  /**
   * The place of an artifact; `undefined` when the server may not or cannot look there. Paths are written by clients,
   * so only places that the server's operator named are ever opened.
   */
  readonly placeOf: (artifact: Artifact) => Promise<ReachablePlace | undefined>;
  /** Hashes bytes, and has the keys that vouch for records. */
  readonly crypto: Pick<Crypto, 'sha256' | 'keys'>;
  /** Tells whether a signature has expired. */
  readonly clock: Pick<Clock, 'now'>;
}

function expectedOf({ sizeBytes, checksum, checksumAlgorithm }: Artifact) {
  return {
    ...(sizeBytes !== null && { sizeBytes }),
    ...(checksum !== null && checksumAlgorithm !== null && { [checksumAlgorithm]: checksum }),
  };
}

/** Looks at the bytes of artifacts on the server's own disk and in the stores that it was told of. */
export function createInspector({ placeOf, crypto, clock }: InspectorParts): ArtifactInspector {
  async function look(
    artifact: Artifact,
    { backend, key }: ReachablePlace,
    deep: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Inspection> {
    const options = signal === undefined ? {} : { signal };
    const info = await backend.stat(key, options);
    if (info === undefined)
      return { status: 'missing', problem: `There is nothing at ${artifact.artifactPath}.` };
    const expected = expectedOf(artifact);
    if (expected.sizeBytes !== undefined && expected.sizeBytes !== info.size) {
      const problem = `${artifact.artifactPath} has ${info.size} bytes instead of ${expected.sizeBytes}.`;
      return { status: 'corrupt', problem };
    }
    if (!deep) return { status: 'stored' };
    if (artifact.checksum === null)
      return { status: 'stored', problem: 'No checksum is recorded to hash against.' };
    await verifyObject({ backend, key, expected, crypto, ...options });
    return { status: 'verified' };
  }

  return {
    async inspect(artifact, { deep, signal }) {
      const place = await placeOf(artifact);
      if (place === undefined) {
        const problem = `This server does not look at ${artifact.artifactPath}.`;
        return { status: 'unverified', problem };
      }
      try {
        checkArtifactSignature(artifact, crypto.keys, clock.now());
        return await look(artifact, place, deep, signal);
      } catch (error) {
        if (error instanceof IntegrityError) return { status: 'corrupt', problem: error.message };
        if (error instanceof StorageNotFoundError) return { status: 'missing', problem: error.message };
        throw error;
      }
    },
  };
}
