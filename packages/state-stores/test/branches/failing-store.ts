import type { BuildChange, StateStore } from '@buildstate/core';

/** What happens around the writes of a store. */
export interface Interruptions {
  /** Before a build is made. */
  readonly beforeCreating?: (change: BuildChange) => Promise<void>;
  /** After a change of a build was applied, before whoever asked for it is told. */
  readonly afterCommitting?: (change: BuildChange) => Promise<void>;
}

/** A store that can be interrupted at its writes, and is the one behind it in everything else. */
export function interruptedStore(
  store: StateStore,
  { beforeCreating, afterCommitting }: Interruptions,
): StateStore {
  const own: Partial<StateStore> = {
    async createBuild(change) {
      await beforeCreating?.(change);
      return store.createBuild(change);
    },
    async commitBuild(change) {
      const outcome = await store.commitBuild(change);
      if (outcome === 'applied') await afterCommitting?.(change);
      return outcome;
    },
  };
  return new Proxy(store, {
    get(_, name) {
      const value = Reflect.get(Object.hasOwn(own, name) ? own : store, name) as unknown;
      // Stores keep their parts private, which only they themselves can read.
      return typeof value === 'function' && !Object.hasOwn(own, name) ? value.bind(store) : value;
    },
  });
}
