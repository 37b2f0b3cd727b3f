import { setTimeout as sleep } from 'node:timers/promises';
import { makeAttempt, makeCreation } from '@buildstate/conformance';
import type { Project, StateStore } from '@buildstate/core';
import { describe, expect, test } from 'vitest';
import { expectUnbroken } from '../sql/chain.ts';
import { start } from '../sql/processes/start.ts';
import { addProject, newStore, openDatabase } from './place.ts';

async function createBuild(store: StateStore, project: Project): Promise<string> {
  const change = makeCreation(project);
  await store.createBuild(change);
  return change.head.build.id;
}

async function expectWhole(store: StateStore, id: string, version: number): Promise<void> {
  const build = (await store.loadBuild(id))?.snapshot.build;
  expect(build?.version).toBe(version);
  const { items } = await store.listEvents(id, { limit: 100_000 });
  expect(items).toHaveLength(version);
  expectUnbroken(items);
  expect((await store.listAttempts(id, { limit: 100_000 })).items).toHaveLength(version - 1);
}

/** Sessions of others on this database, apart from some. */
const sessions = `select pid from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and pid <> all ($1::int[])`;

describe('PostgreSQL, used by several processes', () => {
  test('lets five of them work on one build, and applies each version exactly once', async () => {
    const { url, store } = await newStore();
    const id = await createBuild(store, await addProject(store));
    const attempt = JSON.stringify(makeAttempt(''));
    const scripts = Array.from({ length: 5 }, () => start('commit-loop.ts', url, '30', attempt, id));
    const ends = await Promise.all(scripts.map(({ ended }) => ended));
    expect(ends).toEqual(scripts.map(() => ({ code: 0, problems: '' })));
    const told = scripts.flatMap(({ lines }) => lines.map((line) => Number(line.split(' ')[1])));
    expect(told.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, index) => index + 2));
    await expectWhole(store, id, 151);
  }, 120_000);

  test('keeps every commit that a process was told of before it was killed', async () => {
    const { url, store } = await newStore();
    const database = await openDatabase(url);
    const project = await addProject(store);
    const attempt = JSON.stringify(makeAttempt(''));
    let acknowledged = 0;
    for (let round = 0; round < 6; round += 1) {
      const ids = await Promise.all(Array.from({ length: 4 }, () => createBuild(store, project)));
      const before = (await database.query<{ pid: number }>(sessions, [[]])).rows.map(({ pid }) => pid);
      const script = start('commit-loop.ts', url, '1000000', attempt, ...ids);
      await script.started;
      await sleep(Math.random() * 150);
      script.child.kill('SIGKILL');
      expect((await script.ended).problems).toBe('');
      // The server finishes what had reached it, and only then notices that nobody waits for the answer.
      while ((await database.query(sessions, [before])).rows.length > 0) await sleep(5);
      const newest = new Map(ids.map((id) => [id, 1]));
      for (const line of script.lines) {
        const [id = '', version] = line.split(' ');
        newest.set(id, Number(version));
        acknowledged += 1;
      }
      for (const [id, version] of newest) {
        const found = (await store.loadBuild(id))?.snapshot.build.version ?? 0;
        expect(found).toBeGreaterThanOrEqual(version);
        // What was on its way when the process died is either all there or not at all.
        expect(found).toBeLessThanOrEqual(version + 1);
        await expectWhole(store, id, found);
      }
    }
    expect(acknowledged).toBeGreaterThan(20);
  }, 120_000);
});
