import { makeAttempt, makeCreation } from '@buildstate/conformance';
import { describe, expect, test } from 'vitest';
import { storeSchema } from '../../src/sql/migrations/schedule.ts';
import { folderSchema } from '../../src/sqlite/folder/folder-schema.ts';
import { expectUnbroken } from './chain.ts';
import { addProject, newFolder, openDatabase, openStore } from './place.ts';
import { type RunningScript, start } from './processes/start.ts';

const forms = [
  ['one file', 'state.db', 'state.db'],
  ['a folder', 'builds', 'builds/index.db'],
] as const;

async function allWell(scripts: readonly RunningScript[]): Promise<void> {
  const ends = await Promise.all(scripts.map(({ ended }) => ended));
  expect(ends).toEqual(scripts.map(() => ({ code: 0, problems: '' })));
}

describe.each(forms)('SQLite in %s, used by several processes', (_, name, database) => {
  test('lets ten of them open an empty place at once, and migrates it once', async () => {
    const folder = await newFolder();
    const scripts = Array.from({ length: 10 }, () => start('open-once.ts', `sqlite://${folder}/${name}`));
    await allWell(scripts);
    const rows = openDatabase(`${folder}/${database}`)
      .prepare('select name, version, count(*) as times from buildstate_schema group by 1, 2')
      .all();
    const schedules = name === 'builds' ? [folderSchema, storeSchema] : [storeSchema];
    const once = schedules.flatMap(({ schema, migrations }) =>
      migrations.map(({ version }) => ({ name: schema, version, times: 1 })),
    );
    expect(rows).toEqual(once);
  }, 120_000);

  test('applies each version of a build exactly once', async () => {
    const uri = `sqlite://${await newFolder()}/${name}`;
    const store = await openStore(uri);
    const change = makeCreation(await addProject(store));
    const { id } = change.head.build;
    await store.createBuild(change);
    const attempt = JSON.stringify(makeAttempt(id));
    const scripts = Array.from({ length: 4 }, () => start('commit-loop.ts', uri, '25', attempt, id));
    await allWell(scripts);
    const versions = scripts.flatMap(({ lines }) => lines.map((line) => Number(line.split(' ')[1])));
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (__, index) => index + 2));
    expect((await store.loadBuild(id))?.snapshot.build.version).toBe(101);
    expect((await store.listAttempts(id, { limit: 200 })).items).toHaveLength(100);
    const { items } = await store.listEvents(id, { limit: 200 });
    expect(items).toHaveLength(101);
    expectUnbroken(items);
    expect((await store.listBuilds({ limit: 5 })).items.map(({ version }) => version)).toEqual([101]);
  }, 120_000);
});
