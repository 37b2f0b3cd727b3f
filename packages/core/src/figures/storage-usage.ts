import { canonicalBackend } from '../artifact/storage-type.ts';
import type { ArtifactTally } from '../ports/searches.ts';
import { groupBy } from './group-by.ts';

/** How much some artifacts take. */
export interface Usage {
  /** How many. */
  readonly artifacts: number;
  /** The sum of the sizes that are known. */
  readonly bytes: number;
  /** How many have no known size. */
  readonly unsized: number;
}

/** How much artifacts take in all, by backend and by type; the largest first. */
export interface StorageUsage extends Usage {
  /** By backend; spellings that mean the same one are one. */
  readonly backends: readonly (Usage & { readonly storageBackend: string })[];
  /** By type. */
  readonly types: readonly (Usage & { readonly artifactType: string })[];
}

function sum(tallies: readonly ArtifactTally[]): Usage {
  return {
    artifacts: tallies.reduce((all, { count }) => all + count, 0),
    bytes: tallies.reduce((all, { bytes }) => all + bytes, 0),
    unsized: tallies.reduce((all, { unsized }) => all + unsized, 0),
  };
}

const largestFirst = (a: Usage, b: Usage) => b.bytes - a.bytes || b.artifacts - a.artifacts;

/** How much artifacts take, from a tally by backend and type. */
export function storageUsage(tallies: readonly ArtifactTally[]): StorageUsage {
  const backends = groupBy(tallies, ({ storageBackend = '' }) => canonicalBackend(storageBackend));
  const types = groupBy(tallies, ({ artifactType = '' }) => artifactType);
  return {
    ...sum(tallies),
    backends: [...backends]
      .map(([storageBackend, some]) => ({ storageBackend, ...sum(some) }))
      .sort(largestFirst),
    types: [...types].map(([artifactType, some]) => ({ artifactType, ...sum(some) })).sort(largestFirst),
  };
}
