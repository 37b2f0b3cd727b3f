import { randomBytes } from 'node:crypto';
import type { Caller, OpenCallers } from '@buildstate/conformance';
import {
  type Actor,
  createTracker,
  type Door,
  eventBody,
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
    call: (operation, { params, query, body }, { ifMatch, idempotencyKey } = {}) =>
      tracker.perform(
        operation,
        { params: json(params ?? {}), query: json(query ?? {}), body: json(body) },
        { actor, ifMatch, idempotencyKey },
      ),
    async *follow(operation, { params, query }, { signal = new AbortController().signal } = {}) {
      const input = { params: json(params ?? {}), query: json(query ?? {}) };
      const stopped = new AbortController();
      const ending = AbortSignal.any([signal, stopped.signal]);
      try {
        for await (const { entries } of await tracker.follow(operation, input, { actor }, ending))
          for (const { found } of entries) yield eventBody(found) as never;
      } finally {
        stopped.abort();
      }
    },
    close: async () => {},
  };
}

/** A tracker that can be used on behalf of the holder of a key as well. */
export interface OpenTracker extends OpenCallers {
  as(caller: Caller & { readonly id?: string }): Promise<Door>;
}

/** How many engines share the store, and how they work. */
export interface Engines {
  /** Each call goes to the next one. @default 1 */
  readonly count?: number;
  /** Whether they decide on heads that they wrote last. @default false */
  readonly recentHeads?: boolean;
  /** What they sign and seal with, 64 hexadecimal characters. @default a new one */
  readonly key?: string;
}

/** Several engines as one. In turns, but not so regularly that a head is never met by the engine that wrote it. */
function inTurns(trackers: readonly Tracker[]): Tracker {
  let calls = 0;
  const next = () => trackers[Math.floor(calls++ / 2) % trackers.length] as Tracker;
  return {
    perform: (operation, input, context) => next().perform(operation, input, context),
    follow: (operation, input, context, signal) => next().follow(operation, input, context, signal),
    once: (asked, context, run) => next().once(asked, context, run),
  };
}

/** The engine in this process over a store, without anything in between. */
export async function openTracker(
  makeStore: () => StateStore | Promise<StateStore>,
  engines: Engines = {},
): Promise<OpenTracker> {
  const store = await makeStore();
  await store.open();
  const { count = 1, recentHeads = false, key = randomBytes(32).toString('hex') } = engines;
  const crypto = createNodeCrypto(await loadKeyRing({ single: key }));
  // One for all: ids that two generators make within one millisecond sort in any order, and so would lists.
  const ids = createIds();
  const trackers = Array.from({ length: count }, () =>
    createTracker({ store, clock: systemClock, ids, crypto, recentHeads }),
  );
  const tracker = count === 1 ? (trackers[0] as Tracker) : inTurns(trackers);
  return {
    door: doorOf(tracker, store, everything),
    as: async (caller) => doorOf(tracker, store, { id: 'somebody else', ...caller }),
    remove: () => store.close(),
  };
}
