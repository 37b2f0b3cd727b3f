import { importLegacy } from '@buildstate/state-stores/legacy';
import { newDatabase } from '@buildstate/tooling/postgres-shared';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { opened } from '../moving/places.ts';

const now = '2026-05-01T00:00:00.000Z';

async function databaseWith(sql: string): Promise<{ readonly url: string; readonly client: pg.Client }> {
  const { url } = await newDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(sql);
  return { url, client };
}

const id = '3f1c6a52-0b5e-4e52-9b0f-0b8f0c5f7a11';
const tables = `
  create table builds (id uuid primary key, build_number text, project text, platform text, current_state integer,
    status text, metadata jsonb, created_at timestamptz, updated_at timestamptz, retries bigint);
  create table build_states (id serial primary key, build_id uuid, state integer, status text, start_time timestamptz,
    end_time timestamptz, error_message text, duration numeric);
  insert into builds values ('${id}', '17', 'rhel9', 'aws', 25, 'failed', '{"a": [1, 2]}',
    '2024-03-01 11:00:00+01', '2024-03-01 12:30:00.5+00', 3);
  insert into build_states (build_id, state, status, start_time, end_time, error_message, duration) values
    ('${id}', 10, 'completed', '2024-03-01 10:05:00+00', '2024-03-01 11:00:00+00', null, 3300.0),
    ('${id}', 25, 'failed', '2024-03-01 11:00:00+00', '2024-03-01 12:30:00.5+00', 'no route to host', null);`;

test('a database without the artifact columns comes in, with ids and times as they were', async () => {
  const { url, client } = await databaseWith(tables);
  const store = await opened('memory:');
  const { written, warnings } = await importLegacy(store, { format: 'legacy-postgres', source: url, now });
  expect(warnings).toEqual([]);
  expect(written).toMatchObject({ projects: 1, builds: 1, attempts: 2 });
  const loaded = await store.loadWholeBuild(id);
  expect(loaded?.head.build).toMatchObject({
    id,
    buildNumber: '17',
    platform: 'aws',
    status: 'failed',
    failedState: 25,
    createdAt: '2024-03-01T10:00:00.000Z',
    updatedAt: '2024-03-01T12:30:00.500Z',
    metadata: { metadata: { a: [1, 2] } },
  });
  expect(loaded?.attempts).toMatchObject([
    { state: 10, status: 'completed', durationSeconds: 3300, artifactStoragePath: null },
    { state: 25, status: 'failed', errorMessage: 'no route to host' },
  ]);
  const again = await importLegacy(store, { format: 'legacy-postgres', source: url, now });
  expect(again).toMatchObject({ written: { builds: 0 }, identical: { builds: 1 }, conflicts: [] });
  // Nothing was written there.
  expect((await client.query('select count(*)::int as n from build_states')).rows).toEqual([{ n: 2 }]);
});

test('more builds than are fetched at once come in', async () => {
  const { url, client } = await databaseWith(tables);
  await client.query(`insert into builds (id, build_number, project, current_state, status, created_at)
    select gen_random_uuid(), 'n' || n, 'rhel9', 10, 'running', now() from generate_series(1, 1200) n`);
  const store = await opened('memory:');
  const { written } = await importLegacy(store, { format: 'legacy-postgres', source: url, now });
  expect(written.builds).toBe(1201);
});

test('a wrong value names the record and the field, and the password is never shown', async () => {
  const { url, client } = await databaseWith(tables);
  await client.query("update build_states set status = 'wobbly' where state = 25");
  const store = await opened('memory:');
  const failed = await importLegacy(store, { format: 'legacy-postgres', source: url, now }).catch(
    (error) => error,
  );
  expect(failed.message).toMatch(/builds, record 1 .*history\.1\.status "wobbly" is not understood/);
  expect(failed.message).not.toContain(new URL(url).password);
  expect((await store.listBuildIds({ limit: 9 })).items).toEqual([]);
});
