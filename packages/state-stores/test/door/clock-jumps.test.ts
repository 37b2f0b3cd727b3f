import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Actor, type Clock, createTracker, type StateStore } from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '@buildstate/node-runtime';
import { openFileStore } from '@buildstate/state-stores/document';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import { openSqlite } from '@buildstate/state-stores/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';

const actor: Actor = { id: 'tester', scopes: ['read', 'write'], projectId: null };
const hour = 3_600_000;

/** An engine whose machine has another idea of the time, over an open store. */
async function engineOver(store: StateStore, clock: Clock) {
  const crypto = createNodeCrypto(await loadKeyRing({ single: randomBytes(32).toString('hex') }));
  return createTracker({ store, clock, ids: createIds(), crypto });
}

/** A clock that can be set. */
function settableClock() {
  const set = { ahead: 0 };
  return { set, clock: { ...systemClock, now: () => systemClock.now() + set.ahead } };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'buildstate-clock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function opened<Store extends StateStore>(store: Store): Promise<Store> {
  await store.open();
  onTestFinished(() => store.close());
  return store;
}

describe('clocks that jump', () => {
  it.each([hour, -hour])('leave a lease alone where the database tells the time: %i ms', async (ahead) => {
    const url = `sqlite://${join(await newFolder(), 'clock.db')}`;
    const { set, clock } = settableClock();
    const first = await engineOver(await opened(openSqlite(url)), systemClock);
    const second = await engineOver(await opened(openSqlite(url)), clock);
    const { body: build } = await first.perform('createBuild', { body: { project: 'images' } }, { actor });
    const params = { build_id: build.id };
    const take = { params, body: { holder: 'w' } };
    await first.perform('acquireLease', take, { actor });
    set.ahead = ahead;
    await expect(second.perform('acquireLease', take, { actor })).rejects.toMatchObject({
      code: 'state_in_progress',
    });
    const report = { params, body: { state: 5, lease_token: 1 } };
    expect((await second.perform('recordState', report, { actor })).body.status).toBe('completed');
  });

  it.each(['memory', 'file'])(
    'let another one on early over %s, which has no clock of its own, and the token shuts the first one out',
    async (kind) => {
      const { set, clock } = settableClock();
      const folder = await newFolder();
      const place =
        kind === 'memory' ? createMemoryStore({ clock }) : openFileStore(`file://${folder}`, { clock });
      const tracker = await engineOver(await opened(place), clock);
      const { body: build } = await tracker.perform(
        'createBuild',
        { body: { project: 'images' } },
        { actor },
      );
      const params = { build_id: build.id };
      const take = (holder: string) =>
        tracker.perform('acquireLease', { params, body: { holder } }, { actor });
      const report = (token: number, status = 'completed') =>
        tracker.perform('recordState', { params, body: { state: 5, status, lease_token: token } }, { actor });
      await take('first');
      await report(1, 'started');
      set.ahead = -hour;
      await expect(take('second')).rejects.toMatchObject({ code: 'state_in_progress' });
      set.ahead = hour;
      expect((await take('second')).body.token).toBe(2);
      await expect(report(1)).rejects.toMatchObject({ code: 'lease_lost' });
      expect((await report(2)).body).toMatchObject({ attempt: 2, status: 'completed' });
    },
  );
});
