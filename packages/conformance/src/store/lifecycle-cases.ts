import { expect, test } from 'vitest';
import { newId } from '../fixtures/ids.ts';
import type { StoreBench } from './bench.ts';

/** What a store says of itself, and what outlives it. */
export function lifecycleCases(bench: StoreBench): void {
  const { capabilities } = bench.traits;

  test('declares exactly what it can do', () => {
    expect(bench.store.capabilities).toEqual(capabilities);
    expect(bench.store.kind).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(bench.store.uri).toMatch(/^[a-z][a-z0-9+.-]*:/);
  });

  test('answers a ping while it is open', async () => {
    await expect(bench.store.ping()).resolves.toBeUndefined();
  });

  test('waits for the writes under way when it is closed', async () => {
    const head = await bench.create();
    const commit = bench.commit(head);
    await Promise.all([commit, bench.close()]);
    await expect(commit).resolves.toMatchObject({ build: { version: 2 } });
  });

  if (capabilities.durable) {
    test('keeps everything that it acknowledged when it is closed and opened again', async () => {
      const report = { eventId: newId(), answer: { version: 2 } };
      const head = await bench.commit(await bench.create(), { report });
      const store = await bench.reopen();
      const loaded = await store.loadBuild(head.build.id, { eventId: report.eventId });
      expect(loaded?.snapshot).toEqual({ ...head, project: bench.project });
      expect(loaded?.answered).toEqual(report);
      expect((await store.listEvents(head.build.id, { limit: 10 })).items).toHaveLength(2);
    });

    test('opens a place that it used before without changing what is there', async () => {
      const head = await bench.create();
      await bench.reopen();
      const store = await bench.reopen();
      expect(await store.loadProject({ name: bench.project.name })).toEqual(bench.project);
      expect((await store.listBuilds({ limit: 10 })).items).toEqual([head.build]);
    });
  }

  if (capabilities.shared) {
    test('shows a write to another instance as soon as it has resolved', async () => {
      const other = await bench.another();
      let head = await bench.create();
      for (let round = 0; round < 10; round += 1) {
        head = await bench.commit(head);
        expect((await other.loadBuild(head.build.id))?.snapshot.build.version).toBe(head.build.version);
      }
    });
  }
}
