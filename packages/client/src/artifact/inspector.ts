import type { Artifact, ArtifactBackend, ArtifactInspector, Crypto, Inspection } from '@buildstate/core';
import { BuildStateError, IntegrityError, StorageNotFoundError } from '@buildstate/core/light';
import { expectedBytes } from './expected-bytes.ts';
import type { OpenPlaces } from './open-places.ts';
import { otherHost, splitPlace } from './place.ts';

interface Look {
  readonly backend: ArtifactBackend;
  readonly key: string;
  readonly deep: boolean;
  readonly signal?: AbortSignal;
}

async function look(
  artifact: Artifact,
  { backend, key, deep, signal }: Look,
  crypto: Pick<Crypto, 'sha256'>,
) {
  const expected = expectedBytes(artifact);
  const info = await backend.stat(key, { signal });
  if (info === undefined)
    return { status: 'missing', problem: `There is nothing at ${artifact.artifactPath}.` } as const;
  if (expected.sizeBytes !== undefined && expected.sizeBytes !== info.size) {
    const problem = `${artifact.artifactPath} has ${info.size} bytes instead of ${expected.sizeBytes}.`;
    return { status: 'corrupt', problem } as const;
  }
  if (!deep) return { status: 'stored' } as const;
  if (artifact.checksum === null) {
    return { status: 'stored', problem: 'No checksum is recorded to compare the bytes with.' } as const;
  }
  const { verifyObject } = await import('@buildstate/transfer');
  await verifyObject({ backend, key, expected, crypto, signal });
  return { status: 'verified' } as const;
}

/** Why bytes cannot be looked at from here. */
function unseen(problem: string): Inspection {
  return { status: 'unverified', problem };
}

/** Looks at artifacts from this machine, for a tracker in this process. */
export function localInspector(
  places: OpenPlaces,
  crypto: Pick<Crypto, 'sha256'>,
  checkSignature: (artifact: Artifact) => void,
): ArtifactInspector {
  return {
    async inspect(artifact, { deep, signal }) {
      const place = splitPlace(artifact.artifactPath, artifact.storageKey);
      if (place === undefined)
        return unseen(`${artifact.artifactPath} is no place that bytes can be read from.`);
      const host = otherHost(place, artifact.metadata);
      if (host !== undefined) return unseen(`${artifact.artifactPath} lies on the host ${host}.`);
      try {
        checkSignature(artifact);
        const backend = await places.open(place.base);
        return await look(artifact, { backend, key: place.key, deep, signal }, crypto);
      } catch (error) {
        if (error instanceof IntegrityError) return { status: 'corrupt', problem: error.message };
        if (error instanceof StorageNotFoundError) return { status: 'missing', problem: error.message };
        if (error instanceof BuildStateError) return unseen(error.message);
        throw error;
      }
    },
  };
}
