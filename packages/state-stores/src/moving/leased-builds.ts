import type { Build, Lease, StateStore } from '@buildstate/core';
import { isLive, shownName, timestamp } from '@buildstate/core/light';
import { buildIds } from './store-records.ts';

/** A build that somebody works on. */
export interface LeasedBuild {
  /** The build. */
  readonly build: Build;
  /** Who, by the name that people know, and until when. */
  readonly lease: Lease;
}

/** The builds of a store that somebody holds the lease of, by the store's own clock. */
export async function leasedBuilds(store: StateStore): Promise<readonly LeasedBuild[]> {
  const found: LeasedBuild[] = [];
  for await (const id of buildIds(store)) {
    const loaded = await store.loadBuild(id);
    if (loaded === undefined) continue;
    const { build, lease } = loaded.snapshot;
    if (build.deletedAt !== null || !isLive(lease, timestamp(loaded.now))) continue;
    const [holder] = await store.loadActors([lease.holder]);
    found.push({ build, lease: holder === undefined ? lease : { ...lease, holder: shownName(holder) } });
  }
  return found;
}
