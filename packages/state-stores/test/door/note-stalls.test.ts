import { randomBytes } from 'node:crypto';
import { createTracker, noteStalls, StallSchedule } from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '@buildstate/node-runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStateStore } from '../../src/index.ts';
import { newFolder } from '../sql/place.ts';

const actor = { id: 'tester', scopes: ['read', 'write', 'admin'], projectId: null } as const;

const addresses = {
  memory: async () => 'memory:',
  'a SQLite file': async () => `sqlite://${await newFolder()}/state.db`,
  files: async () => `file://${await newFolder()}`,
};

describe.each(Object.entries(addresses))('stalls, over %s', (_name, address) => {
  async function bench() {
    const store = await openStateStore(await address(), {});
    onTestFinished(() => store.close());
    const parts = {
      store,
      clock: systemClock,
      ids: createIds(),
      crypto: createNodeCrypto(await loadKeyRing({ single: randomBytes(32).toString('hex') })),
    };
    const tracker = createTracker(parts);
    const call = async (operation: Parameters<typeof tracker.perform>[0], input: object) =>
      (await tracker.perform(operation, input, { actor })).body as never as Record<string, never>;
    const build = async () => String((await call('createBuild', { body: { project: 'images' } })).id);
    const report = (id: string, body: object) => call('recordState', { params: { build_id: id }, body });
    const stalls = async (id: string) =>
      ((await call('listEvents', { params: { build_id: id } })) as never as { type: string; data: object }[])
        .filter(({ type }) => type === 'state.stalled')
        .map(({ data }) => data);
    return { parts, build, report, stalls };
  }
  const now = Date.now();
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
  const sweep = (parts: Parameters<typeof noteStalls>[0]) => noteStalls(parts, new AbortController().signal);

  it('are recorded once per attempt, whoever sweeps, and again for the next attempt', async () => {
    const { parts, build, report, stalls } = await bench();
    for (let count = 0; count < 5; count++) {
      const id = await build();
      await report(id, { state: 10, start_time: ago(1060), end_time: ago(60) });
      await report(id, { state: 100 });
    }
    const [slow, quick] = [await build(), await build()];
    await report(slow, { state: 10, status: 'started', start_time: ago(3100) });
    await report(quick, { state: 10, status: 'started', start_time: ago(3) });
    expect(await sweep(parts)).toBe(1);
    expect(await stalls(slow)).toMatchObject([{ state: 10, reason: 'slow', limit_seconds: 3000 }]);
    expect(await stalls(quick)).toEqual([]);
    expect(await sweep(parts)).toBe(0);
    const together = await Promise.all([sweep(parts), sweep(parts)]);
    expect(together).toEqual([0, 0]);
    await report(slow, { state: 10, status: 'failed', is_retryable: true });
    await report(slow, { state: 10, status: 'started', start_time: ago(4000) });
    expect(await sweep(parts)).toBe(1);
    expect(await stalls(slow)).toHaveLength(2);
  });

  it('are looked for in builds that changed or whose time has come, and in no others', async () => {
    const { parts, build, report, stalls } = await bench();
    for (let count = 0; count < 5; count++) {
      const id = await build();
      await report(id, { state: 10, start_time: ago(1060), end_time: ago(60) });
      await report(id, { state: 100 });
    }
    const ids = [await build(), await build(), await build()];
    const [slow = '', quick = ''] = ids;
    await report(slow, { state: 10, status: 'started', start_time: ago(2800) });
    await report(quick, { state: 10, status: 'started', start_time: ago(3) });
    await report(ids[2] ?? '', { state: 10 });
    let late = 0;
    let read: string[] = [];
    const store = new Proxy(parts.store, {
      get(target, name) {
        if (name !== 'loadBuild') {
          const value = Reflect.get(target, name) as unknown;
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return async (id: string, needs?: object) => {
          read.push(id);
          const loaded = await target.loadBuild(id, needs);
          return loaded && { ...loaded, now: loaded.now + late };
        };
      },
    });
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + late };
    const schedule = new StallSchedule();
    const turn = async () => {
      read = [];
      await noteStalls({ ...parts, store, clock }, new AbortController().signal, schedule);
      return [...new Set(read)].toSorted();
    };
    expect(await turn()).toEqual(ids.toSorted());
    expect(schedule.size).toBe(3);
    expect(await turn()).toEqual([]);
    await report(quick, { state: 10, status: 'started', start_time: ago(3), takeover: true });
    expect(await turn()).toEqual([quick]);
    // The slow one may take 3,000 seconds: its time comes in between, that of the others does not.
    late = 300_000;
    expect(await turn()).toEqual([slow]);
    expect(await stalls(slow)).toHaveLength(1);
    // It has changed: that it stalls was noted. Then there is nothing more about it.
    expect(await turn()).toEqual([slow]);
    expect(await turn()).toEqual([]);
    await report(slow, { state: 10 });
    await report(slow, { state: 100 });
    await turn();
    expect(schedule.size).toBe(2);
  });
});
