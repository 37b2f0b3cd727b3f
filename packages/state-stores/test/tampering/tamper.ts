import { chainEvents, type Door, emptyChain, type StateStore } from '@buildstate/core';
import { createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';
import { expect } from 'vitest';
import { openTracker } from '../door/open-tracker.ts';

/** A build with a history, the door to it, and what changes its rows behind the tracker's back. */
export interface Victim {
  readonly door: Door;
  readonly store: StateStore;
  readonly build: string;
  /** Runs a statement. */
  readonly execute: (statement: string) => Promise<unknown>;
}

/** What a check of the build says: the first bad event and what is wrong with it. */
export async function verdict(
  { door, build }: Victim,
  query: { unsignedBefore?: string; known?: string } = {},
) {
  const { body } = await door.call('verifyEvents', { params: { buildId: build }, query });
  return body;
}

/** Makes a completed build of 13 events, the last of them signed. */
export async function victim(
  open: () => Promise<{ store: StateStore; execute: Victim['execute'] }>,
): Promise<Victim & { remove: () => Promise<void> }> {
  const { store, execute } = await open();
  const { door, remove } = await openTracker(() => store);
  const { body } = await door.call('createBuild', { body: { project: 'p' } });
  const build = body.id;
  for (const state of [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 100])
    await door.call('recordState', { params: { buildId: build }, body: { state } });
  return { door, store, build, execute, remove };
}

/** Every way to change a history, and what must be said of it. */
export const tamperings: Readonly<
  Record<string, { seq: number; problem: RegExp; tamper: (victim: Victim) => Promise<unknown> }>
> = {
  'a changed fact': {
    seq: 3,
    problem: /was changed/,
    tamper: ({ execute, build }) =>
      execute(`update build_events set data = '{"state": 12}' where build_id = '${build}' and seq = 3`),
  },
  'another actor': {
    seq: 4,
    problem: /was changed/,
    tamper: ({ execute, build }) =>
      execute(`update build_events set actor_id = 'nobody' where build_id = '${build}' and seq = 4`),
  },
  'an event that was taken out': {
    seq: 6,
    problem: /follows 4/,
    tamper: ({ execute, build }) =>
      execute(`delete from build_events where build_id = '${build}' and seq = 5`),
  },
  'two events that changed places': {
    seq: 5,
    problem: /does not name the event before it/,
    async tamper({ execute, build }) {
      for (const [from, to] of [
        [5, 1005],
        [6, 5],
        [1005, 6],
      ])
        await execute(`update build_events set seq = ${to} where build_id = '${build}' and seq = ${from}`);
    },
  },
  'an end that was cut off': {
    seq: 12,
    problem: /is missing; the chain ends with 13/,
    tamper: ({ execute, build }) =>
      execute(`delete from build_events where build_id = '${build}' and seq >= 12`),
  },
  'a history that was computed anew, to its end': {
    seq: 13,
    problem: /does not have the signature/,
    async tamper({ store, execute, build }) {
      const { items } = await store.listEvents(build, { limit: 100 });
      const pending = items.map(({ type, actorId, at, data, seq }) => ({
        type,
        actorId: seq === 3 ? 'nobody' : actorId,
        at,
        data,
      }));
      const { events, head } = chainEvents(
        build,
        emptyChain,
        pending,
        createNodeCrypto(await loadKeyRing({})),
      );
      for (const { seq, actorId, prevHash, hash } of events)
        await execute(
          `update build_events set actor_id = '${actorId}', prev_hash = '${prevHash}', hash = '${hash}'
            where build_id = '${build}' and seq = ${seq}`,
        );
      const old = items.at(-1)?.hash;
      await execute(
        `update builds set head = replace(cast(head as text), '${old}', '${head.hash}') where id = '${build}'`,
      );
    },
  },
  'a signature that was taken away': {
    seq: 13,
    problem: /has no signature/,
    tamper: ({ execute, build }) =>
      execute(`update build_events set signature = null where build_id = '${build}'`),
  },
  'a signature of another event': {
    seq: 2,
    problem: /does not have the signature/,
    tamper: ({ execute, build }) =>
      execute(`update build_events set signature = (select signature from build_events
        where build_id = '${build}' and seq = 13) where build_id = '${build}' and seq = 2`),
  },
};

/** Expects a history that nobody touched to be right. */
export async function expectWhole(one: Victim): Promise<void> {
  expect(await verdict(one)).toMatchObject({ events: 13, signedSeq: 13, problem: null });
}

/** Cuts off the end of a history together with what the build says of its end. */
export async function cutOff({ store, execute, build }: Victim): Promise<void> {
  const { items } = await store.listEvents(build, { limit: 100 });
  const [last, left] = [items[12], items[10]];
  await execute(`delete from build_events where build_id = '${build}' and seq >= 12`);
  for (const [from, to] of [
    [last?.hash, left?.hash],
    ['"seq":13', '"seq":11'],
  ])
    await execute(
      `update builds set head = replace(cast(head as text), '${from}', '${to}') where id = '${build}'`,
    );
}

/** Expects an end that was cut off in every trace to be found by who has kept the end elsewhere. */
export async function expectFound(one: Victim, cut: (victim: Victim) => Promise<unknown>): Promise<void> {
  const { end: known } = await verdict(one);
  expect((await verdict(one, { known })).problem).toBeNull();
  await cut(one);
  expect((await verdict(one)).problem).toBeNull();
  expect((await verdict(one, { known })).problem).toMatchObject({
    seq: 12,
    problem: 'is missing; the chain is known to have had 13',
  });
  const [seq] = known.split(':');
  expect(seq).toBe('13');
  expect((await verdict(one, { known: `3:${'a'.repeat(64)}` })).problem).toMatchObject({ seq: 3 });
}
