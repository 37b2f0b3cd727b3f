import { setTimeout as sleep } from 'node:timers/promises';
import { makeAttempt, makeCreation } from '@buildstate/conformance';
import type { Project, StateStore } from '@buildstate/core';
import { describe, expect, test } from 'vitest';
import { openSqlite } from '../../src/sqlite/index.ts';
import { expectUnbroken } from './chain.ts';
import { addProject, newFolder } from './place.ts';
import { type RunningScript, start } from './processes/start.ts';

/** Kills a script at a random moment: mostly of its work, sometimes of its start. */
async function kill(script: RunningScript, whileStarting: boolean): Promise<void> {
  if (!whileStarting) await script.started;
  await sleep(Math.random() * (whileStarting ? 500 : 60));
  script.child.kill('SIGKILL');
  const { problems } = await script.ended;
  expect(problems).toBe('');
}

async function expectWhole(store: StateStore, id: string, version: number, listed: number): Promise<void> {
  const build = (await store.loadBuild(id))?.snapshot.build;
  expect(build?.version).toBeGreaterThanOrEqual(version);
  expect(listed).toBe(build?.version);
  const attempts: unknown[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await store.listAttempts(id, { limit: 500, cursor });
    attempts.push(...page.items);
    cursor = page.next;
  }
  expect(attempts).toHaveLength((build?.version ?? 0) - 1);
  const { items } = await store.listEvents(id, { limit: 100_000 });
  expect(items).toHaveLength(build?.version ?? 0);
  expectUnbroken(items);
}

/** Does something with a store that nobody else has open, so that what a dead process left has to be recovered. */
async function alone<T>(uri: string, work: (store: StateStore) => Promise<T>): Promise<T> {
  const store = openSqlite(uri);
  await store.open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function createBuild(store: StateStore, project: Project): Promise<string> {
  const change = makeCreation(project);
  await store.createBuild(change);
  return change.head.build.id;
}

describe.each([
  ['one file', 'state.db', 20],
  ['a folder', 'builds', 10],
])('SQLite in %s, whose process is killed', (_, name, rounds) => {
  test('keeps every commit that was acknowledged', async () => {
    const uri = `sqlite://${await newFolder()}/${name}`;
    const project = await alone(uri, addProject);
    const attempt = JSON.stringify(makeAttempt(''));
    let acknowledged = 0;
    for (let round = 0; round < rounds; round += 1) {
      const ids = await alone(uri, (store) =>
        Promise.all(Array.from({ length: 4 }, () => createBuild(store, project))),
      );
      const script = start('commit-loop.ts', uri, '1000000', attempt, ...ids);
      await kill(script, round % 5 === 4);
      const newest = new Map(ids.map((id) => [id, 1]));
      for (const line of script.lines) {
        const [id = '', version] = line.split(' ');
        newest.set(id, Number(version));
        acknowledged += 1;
      }
      await alone(uri, async (store) => {
        const listed = new Map(
          (await store.listBuilds({ limit: 4 })).items.map((build) => [build.id, build]),
        );
        for (const [id, version] of newest)
          await expectWhole(store, id, version, listed.get(id)?.version ?? 0);
      });
    }
    // Otherwise it was killed before it had done anything.
    expect(acknowledged).toBeGreaterThan(rounds);
  }, 120_000);

  test('keeps every build whose creation was acknowledged, and gives away no number twice', async () => {
    const uri = `sqlite://${await newFolder()}/${name}`;
    const project = await alone(uri, addProject);
    const creation = JSON.stringify(makeCreation(project));
    for (let round = 0; round < 6; round += 1) {
      const script = start('create-loop.ts', uri, creation, `round-${round}`);
      await kill(script, false);
      await alone(uri, async (store) => {
        for (const line of script.lines) {
          const [id = '', number] = line.split(' ');
          const buildNumber = `round-${round}-${number}`;
          expect(await store.findBuilds({ projectId: project.id, buildNumber })).toEqual([id]);
          expect((await store.loadBuild(id))?.snapshot.build.version).toBe(1);
        }
        const buildNumber = `round-${round}-${script.lines.length + 1}`;
        const change = makeCreation(project, { build: { buildNumber } });
        const { existing = change.head.build.id } = await store.createBuild(change);
        expect((await store.loadBuild(existing))?.snapshot.build.buildNumber).toBe(buildNumber);
      });
    }
  }, 120_000);
});
