import { join } from 'node:path';
import { type Actor, createTracker, type StateStore, type Tracker } from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '@buildstate/node-runtime';
import { openStateStore } from '@buildstate/state-stores';

/** An engine over SQLite in a folder, as a server has it. */
export interface OpenParts {
  readonly tracker: Tracker;
  readonly store: StateStore;
  readonly actor: Actor;
}

/** @param aheadMs how far the engine's clock is ahead of the machine's */
export async function openParts(folder: string, aheadMs = 0): Promise<OpenParts> {
  const store = await openStateStore(`sqlite://${join(folder, 'killed.db')}`);
  const keys = await loadKeyRing({ file: join(folder, 'keyring.json'), makeIfMissing: true });
  const clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
  const tracker = createTracker({ store, clock, ids: createIds(), crypto: createNodeCrypto(keys) });
  return { tracker, store, actor: { id: 'somebody', scopes: ['read', 'write', 'admin'], projectId: null } };
}
