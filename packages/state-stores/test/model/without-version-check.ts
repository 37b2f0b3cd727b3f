import type { BuildChange, StateStore } from '@buildstate/core';

/** A store that writes changes whatever the build has become since they were decided on: the last writer wins. */
export function withoutVersionCheck(store: StateStore): StateStore {
  const commit = store.commitBuild.bind(store);
  store.commitBuild = async (change) => {
    const found = await store.loadBuild(change.head.build.id);
    return found === undefined ? 'conflict' : commit(movedTo(found.snapshot.build.version, change));
  };
  return store;
}

/** A change as if it had been decided on this version. */
function movedTo(version: number, change: BuildChange): BuildChange {
  const { before: _, head, ...rest } = change;
  const build = { ...head.build, version: version + 1 };
  return { ...rest, expected: { version }, head: { ...head, build } };
}
