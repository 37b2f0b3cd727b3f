import { randomBytes } from 'node:crypto';
import { createTracker, noteStalls } from '@buildstate/core';
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
});
