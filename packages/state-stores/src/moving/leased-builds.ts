import type { Build, Lease, StateStore } from '@buildstate/core';
import { isLive, timestamp } from '@buildstate/core/light';
import { buildIds } from './store-records.ts';

/** A build that somebody works on. */
export interface LeasedBuild {
  /** The build. */
  readonly build: Build;
  /** Who, and until when. */
  readonly lease: Lease;
}

/** The builds of a store that somebody holds the lease of, by the store's own clock. */
export async function leasedBuilds(store: StateStore): Promise<readonly LeasedBuild[]> {
  const found: LeasedBuild[] = [];
  for await (const id of buildIds(store)) {
    const loaded = await store.loadBuild(id);
    if (loaded === undefined) continue;
    const { build, lease } = loaded.snapshot;
    if (build.deletedAt === null && isLive(lease, timestamp(loaded.now))) found.push({ build, lease });
  }
  return found;
}
