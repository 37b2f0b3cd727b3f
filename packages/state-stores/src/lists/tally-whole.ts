import type { StateStore, StoreInspection } from '@buildstate/core';

const pageSize = 500;

/** Counts what a store has by looking at all of it, for stores that cannot count. */
export async function tallyWhole(
  store: Pick<StateStore, 'listProjects' | 'listBuildIds' | 'loadWholeBuild'>,
): Promise<StoreInspection['counts']> {
  const counts = { projects: 0, builds: 0, attempts: 0, artifacts: 0 };
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await store.listProjects({ limit: pageSize, cursor, includeDeactivated: true });
    counts.projects += page.items.length;
    cursor = page.next;
  }
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await store.listBuildIds({ limit: pageSize, cursor });
    for (const id of page.items) {
      const whole = await store.loadWholeBuild(id);
      counts.builds += 1;
      counts.attempts += whole?.attempts.length ?? 0;
      counts.artifacts += whole?.artifacts.length ?? 0;
    }
    cursor = page.next;
  }
  return counts;
}
