import { join } from 'node:path';
import type { StateStore } from '@buildstate/core';
import { createTracker } from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '@buildstate/node-runtime';
import { openStateStore } from '@buildstate/state-stores';
import { importLegacy } from '@buildstate/state-stores/legacy';
import { checkStore } from '@buildstate/state-stores/moving';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { newFolder, opened } from '../moving/places.ts';

const now = '2026-05-01T00:00:00.000Z';

async function database(sql: string): Promise<string> {
  const path = join(await newFolder(), 'old.db');
  const made = new Database(path);
  made.exec(sql);
  made.close();
  return path;
}

async function imported(store: StateStore, source: string, options: object = {}) {
  return importLegacy(store, { format: 'legacy-sqlite', source, now, ...options });
}

async function problemsOf(store: StateStore): Promise<string[]> {
  const found: string[] = [];
  for await (const problem of checkStore(store)) found.push(problem);
  return found;
}

const ordinary = `
  create table builds (id integer primary key, build_number text, project text, cloud_provider text, image_type text,
    current_state integer, status text, created_at text, updated_at text, region text, ticket blob);
  create table state_history (id integer primary key, build_id integer, state integer, status text, timestamp text,
    error_message text, runner text);
  create table state_metadata (id integer primary key, build_id integer, state integer, key text, value text);
  insert into builds values
    (7, '2024.7', 'rhel9', 'aws', 'golden', 25, 'failed', '2024-03-01 10:00:00', '2024-03-01 12:30:00', 'eu-1', x'00ff'),
    (8, '2024.8', 'rhel9', 'azure', 'golden', 100, 'completed', '2024-03-02 10:00:00', '2024-03-02 12:00:00', null, null);
  insert into state_history (build_id, state, status, timestamp, error_message, runner) values
    (7, 10, 'in_progress', '2024-03-01 10:05:00', null, 'r1'), (7, 10, 'completed', '2024-03-01 11:00:00', null, 'r1'),
    (7, 25, 'in_progress', '2024-03-01 11:01:00', null, 'r1'),
    (7, 25, 'failed', '2024-03-01 12:30:00', 'Connection timed out', 'r1'),
    (8, 10, 'completed', '2024-03-02 11:00:00', null, 'r2'), (8, 100, 'completed', '2024-03-02 12:00:00', null, 'r2');
  insert into state_metadata (build_id, state, key, value) values (7, 10, 'ami', 'ami-1'), (7, null, 'owner', 'ann');`;

test('builds come in with their history, states, times and everything else that was kept', async () => {
  const store = await opened('memory:');
  const { written, conflicts, warnings } = await imported(store, await database(ordinary));
  expect({ conflicts, warnings }).toEqual({ conflicts: [], warnings: [] });
  expect(written).toMatchObject({ projects: 1, references: 1, builds: 2, attempts: 4 });
  const builds = (await store.listBuilds({ limit: 9 })).items;
  const failed = builds.find(({ buildNumber }) => buildNumber === '2024.7');
  expect(failed).toMatchObject({
    project: 'rhel9',
    cloudProvider: 'aws',
    imageType: 'golden',
    status: 'failed',
    currentState: 25,
    lastSuccessfulState: 10,
    failedState: 25,
    nextRetryAt: null,
    createdAt: '2024-03-01T10:00:00.000Z',
    updatedAt: '2024-03-01T12:30:00.000Z',
    metadata: {
      region: 'eu-1',
      ticket: 'AP8=',
      owner: 'ann',
      imported: {
        format: 'legacy-sqlite',
        id: '7',
        status: 'failed',
        current_state: 25,
        warnings: [],
        left_out: [],
      },
    },
  });
  const attempts = (await store.listAttempts(failed?.id ?? '', { limit: 9 })).items;
  expect(attempts).toMatchObject([
    {
      state: 10,
      attempt: 1,
      status: 'completed',
      startTime: '2024-03-01T10:05:00.000Z',
      durationSeconds: 3300,
    },
    {
      state: 25,
      attempt: 1,
      status: 'failed',
      errorMessage: 'Connection timed out',
      errorCategory: 'transient',
    },
  ]);
  expect(attempts[0]?.metadata).toEqual({ runner: 'r1', ami: 'ami-1' });
  expect(builds.find(({ buildNumber }) => buildNumber === '2024.8')).toMatchObject({
    status: 'completed',
    currentState: 100,
    endTime: '2024-03-02T12:00:00.000Z',
  });
  expect(await problemsOf(store)).toEqual([]);
});

test('the same again changes nothing, and a dry run writes nothing', async () => {
  const source = await database(ordinary);
  const store = await opened(`sqlite://${await newFolder()}/new.db`);
  const dry = await imported(store, source, { dryRun: true });
  expect(dry.written.builds).toBe(2);
  expect((await store.listBuildIds({ limit: 9 })).items).toEqual([]);
  const { written } = await imported(store, source);
  expect(written).toEqual(dry.written);
  const again = await imported(store, source);
  expect(again.written).toMatchObject({ projects: 0, references: 0, builds: 0 });
  expect(again.identical.builds).toBe(2);
  expect(await problemsOf(store)).toEqual([]);
});

test('a build that was imported goes on where it stopped', async () => {
  const store = await opened('memory:');
  await imported(store, await database(ordinary));
  const crypto = createNodeCrypto(await loadKeyRing());
  const tracker = createTracker({ store, clock: systemClock, ids: createIds(), crypto });
  const context = { actor: { id: 'tester', scopes: ['read', 'write', 'admin'], projectId: null } } as const;
  const params = { build_id: 'rhel9:2024.7' };
  const { body } = await tracker.perform('getResumeContext', { params }, context);
  expect(body).toMatchObject({ resumeFromState: 25 });
  const report = { state: 25, status: 'completed' };
  await tracker.perform('recordState', { params, body: report }, context);
  expect((await tracker.perform('getBuild', { params }, context)).body).toMatchObject({
    status: 'running',
    lastSuccessfulState: 25,
  });
});

test('other names of columns, ids that are UUIDs, and times as numbers are understood', async () => {
  const id = '0B9E4C1E-7A41-4C7C-9D6E-1F2A3B4C5D6E';
  const source = await database(`
    create table builds (build_id text primary key, platform text, image_type text, current_state text, status text,
      start_time integer, last_update real);
    create table state_history (build_id text, state_code text, status text, start_time integer, end_time integer);
    insert into builds values ('${id}', 'azure-gov', null, 'security-baseline', 'In Progress', 1709287200, 1709290800.5);
    insert into state_history values ('${id}', 'base-image-created', 'SUCCESS', 1709287200, 1709289000),
      ('${id}', '25', 'started', 1709289000, null);`);
  const store = await opened('memory:');
  const { warnings } = await imported(store, source, { project: 'win' });
  expect(warnings).toEqual([]);
  const [build] = (await store.listBuilds({ limit: 9 })).items;
  expect(build).toMatchObject({
    id: id.toLowerCase(),
    buildNumber: id,
    project: 'win',
    platform: 'azure-gov',
    status: 'running',
    currentState: 25,
    lastSuccessfulState: 10,
    createdAt: '2024-03-01T10:00:00.000Z',
    updatedAt: '2024-03-01T11:00:00.500Z',
  });
  const attempts = (await store.listAttempts(build?.id ?? '', { limit: 9 })).items;
  expect(attempts).toMatchObject([
    { state: 10, status: 'completed', durationSeconds: 1800 },
    { state: 25, status: 'abandoned', closedBy: 'imported' },
  ]);
});

const table = (rows: string, build = "'1', 50, 'running'") => `
  create table builds (id text, current_state integer, status text);
  create table state_history (build_id text, state integer, status text, timestamp text, error_message text);
  insert into builds values (${build});
  insert into state_history values ${rows};`;

test.each([
  [
    'goes back',
    `('1', 10, 'completed', '2024-01-01', null), ('1', 30, 'completed', '2024-01-02', null),
     ('1', 20, 'in_progress', '2024-01-03', null), ('1', 50, 'started', '2024-01-04', null)`,
    /went back from state 30: a rollback was added/,
    { currentState: 50, lastSuccessfulState: 20 },
  ],
  [
    'says something twice',
    `('1', 10, 'completed', '2024-01-01', null), ('1', 10, 'completed', '2024-01-02', null),
     ('1', 50, 'started', '2024-01-04', null)`,
    /state 10 at 2024-01-02T00:00:00.000Z says again what was known/,
    { currentState: 50, metadata: { imported: { left_out: [{ state: 10 }] } } },
  ],
  [
    'goes on past a failure',
    `('1', 10, 'failed', '2024-01-01', 'x'), ('1', 50, 'completed', '2024-01-02', null)`,
    /went on past the failure at state 10: a manual retry was added/,
    { currentState: 50, lastSuccessfulState: 50, status: 'running' },
  ],
  [
    'goes on after the end',
    `('1', 100, 'completed', '2024-01-01', null), ('1', 50, 'failed', '2024-01-02', 'late')`,
    /came after the build's end and is kept in its metadata/,
    {
      currentState: 100,
      status: 'completed',
      metadata: { imported: { left_out: [{ state: 50, errorMessage: 'late' }] } },
    },
  ],
])(
  'a history that %s is made one that the rules allow, with a warning',
  async (_, rows, warning, expected) => {
    const store = await opened('memory:');
    const { warnings } = await imported(store, await database(table(rows)), { project: 'p' });
    expect(warnings.join('\n')).toMatch(warning);
    const [build] = (await store.listBuilds({ limit: 9 })).items;
    expect(build).toMatchObject(expected);
    expect(await problemsOf(store)).toEqual([]);
  },
);

test('a build without a line of history stands where its record says', async () => {
  const store = await opened('memory:');
  await imported(store, await database(table("('other', 1, null, null, null)", "'1', 40, 'failed'")), {
    project: 'p',
  });
  const [build] = (await store.listBuilds({ limit: 9 })).items;
  expect(build).toMatchObject({ status: 'failed', failedState: 40, currentState: 0 });
});

test.each<[string, string, RegExp]>([
  [
    'a state that is none',
    table("('1', 400, 'completed', '2024-01-01', null)"),
    /record 1 .*history\.0\.state must be from 0 to 100/,
  ],
  [
    'a word that is not known',
    table("('1', 10, 'wobbly', '2024-01-01', null)"),
    /history\.0\.status "wobbly" is not understood/,
  ],
  [
    'a time that is none',
    table("('1', 10, 'completed', 'yesterday', null)"),
    /state_history, record 1: timestamp must be a time/,
  ],
  [
    'a NUL in a text',
    table("('1', 10, 'failed', '2024-01-01', 'a' || char(0) || 'b')"),
    /error_message must not contain a NUL/,
  ],
  [
    'an id that is missing',
    table("('1', 10, 'completed', '2024-01-01', null)", "null, 5, 'running'"),
    /build_id is missing/,
  ],
  ['no tables that are understood', 'create table other (a)', /has no tables that are understood/],
])('%s is refused, naming the record and the field, and nothing comes in', async (_, sql, message) => {
  const store = await opened('memory:');
  await expect(imported(store, await database(sql), { project: 'p' })).rejects.toThrow(message);
  expect((await store.listProjects({ limit: 9 })).items).toEqual([]);
});

test('a project must be named, by the builds or for all of them', async () => {
  const source = await database(table("('1', 10, 'completed', '2024-01-01', null)"));
  await expect(imported(await opened('memory:'), source)).rejects.toThrow(/project is missing.*--project/);
});

test("BuildState's own stores are not taken for another program's", async () => {
  const path = join(await newFolder(), 'own.db');
  await (await openStateStore(`sqlite://${path}`)).close();
  await expect(imported(await opened('memory:'), path)).rejects.toThrow(/is a store of BuildState/);
});
