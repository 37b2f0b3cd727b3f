import { randomBytes } from 'node:crypto';
import type { Caller, OpenCallers } from '@buildstate/conformance';
import {
  type Actor,
  createTracker,
  type Door,
  type StateStore,
  type Tracker,
  toWire,
} from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '@buildstate/node-runtime';

const everything: Actor = { id: 'tester', scopes: ['read', 'write', 'admin'], projectId: null };

function doorOf(tracker: Tracker, store: StateStore, actor: Actor): Door {
  const json = (value: unknown) =>
    value === undefined ? undefined : JSON.parse(JSON.stringify(toWire(value)));
  return {
    uri: store.uri,
    call: (operation, { params, query, body }) =>
      tracker.perform(
        operation,
        { params: json(params ?? {}), query: json(query ?? {}), body: json(body) },
        { actor },
      ),
    close: async () => {},
  };
}

/** A tracker that can be used on behalf of the holder of a key as well. */
export interface OpenTracker extends OpenCallers {
  as(caller: Caller & { readonly id?: string }): Promise<Door>;
}

/** The engine in this process over a store, without anything in between. */
export async function openTracker(makeStore: () => StateStore | Promise<StateStore>): Promise<OpenTracker> {
  const store = await makeStore();
  await store.open();
  const ring = await loadKeyRing({ single: randomBytes(32).toString('hex') });
  const tracker = createTracker({
    store,
    clock: systemClock,
    ids: createIds(),
    crypto: createNodeCrypto(ring),
  });
  return {
    door: doorOf(tracker, store, everything),
    as: async (caller) => doorOf(tracker, store, { id: 'somebody else', ...caller }),
    remove: () => store.close(),
  };
}
