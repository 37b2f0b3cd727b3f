import { makeAttempt, makeChange, makeCreation, makeReference, makeVariable } from '@buildstate/conformance';
import type { Attempt } from '@buildstate/core';
import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../src/postgres/cell-parsers.ts';
import { mapped, promised } from '../sql/promised.ts';
import { addProject, newStore, openDatabase, openStore } from './place.ts';

describe('the tables of a PostgreSQL store', () => {
  test('have the columns that people query by, and one for every field of every record', async () => {
    const { url } = await newStore();
    const database = await openDatabase(url);
    for (const [table, columns] of Object.entries(promised)) {
      const { rows } = await database.query(`select ${columns} from ${table}`);
      expect(rows, table).toEqual([]);
    }
    for (const { name, names } of mapped) {
      const columns = await database.query(
        `select column_name, is_nullable = 'NO' and is_identity = 'NO' and column_default is null as needed from information_schema.columns
         where table_schema = 'public' and table_name = $1`,
        [name],
      );
      const present = columns.rows.map(({ column_name }) => column_name);
      expect(present, name).toEqual(expect.arrayContaining([...names]));
      const needed = columns.rows.filter((row) => row.needed).map(({ column_name }) => column_name);
      expect(names, name).toEqual(expect.arrayContaining(needed));
    }
  });

  test('answer where the bytes of a state are kept', async () => {
    const { url, store } = await newStore();
    const change = makeCreation(await addProject(store));
    const { id } = change.head.build;
    const bytes = (path: string): Partial<Attempt> => ({
      state: 25,
      artifactStorageType: 's3',
      artifactStoragePath: path,
      artifactSizeBytes: 5_368_709_120,
      artifactChecksum: `sha256:${'c'.repeat(64)}`,
      artifactMetadata: { format: 'qcow2' },
    });
    await store.createBuild({
      ...change,
      attempts: [
        makeAttempt(id, bytes('s3://images/old')),
        makeAttempt(id, bytes('s3://images/new')),
        makeAttempt(id, { state: 25 }),
      ],
    });
    const { rows } = await (await openDatabase(url)).query(
      `SELECT artifact_storage_type, artifact_storage_path, artifact_size_bytes, artifact_checksum, artifact_metadata
       FROM build_states WHERE build_id = $1 AND state = 25 AND artifact_storage_path IS NOT NULL
       ORDER BY created_at DESC LIMIT 1`,
      [id],
    );
    expect(rows).toEqual([
      {
        artifact_storage_type: 's3',
        artifact_storage_path: 's3://images/new',
        artifact_size_bytes: '5368709120',
        artifact_checksum: `sha256:${'c'.repeat(64)}`,
        artifact_metadata: { format: 'qcow2' },
      },
    ]);
  });

  test('have types that people can calculate with', async () => {
    const { url, store } = await newStore();
    const change = makeCreation(await addProject(store), { build: { metadata: { team: 'images' } } });
    await store.createBuild({
      ...change,
      attempts: [makeAttempt(change.head.build.id, { status: 'failed', errorMessage: 'no network' })],
    });
    await store.saveReference(
      'platforms',
      makeReference({ attributes: { cloud_provider: 'aws', region: 'eu-1' } }),
    );
    const database = await openDatabase(url);
    const ask = async (text: string): Promise<unknown> => (await database.query(text)).rows[0];
    expect(
      await ask(
        "select metadata ->> 'team' as team from builds where created_at < now() + interval '100 years'",
      ),
    ).toEqual({
      team: 'images',
    });
    expect(await ask('select cloud_provider, region from platforms')).toEqual({
      cloud_provider: 'aws',
      region: 'eu-1',
    });
    expect(await ask('select error_message, resolved, resolved_at from build_failures')).toEqual({
      error_message: 'no network',
      resolved: false,
      resolved_at: null,
    });
  });

  test('keep the values of variables that were replaced, also when a change replaces several', async () => {
    const { url, store } = await newStore();
    const change = makeCreation(await addProject(store));
    const { id } = change.head.build;
    const [one, two] = ['a', 'b'].map((key) =>
      makeVariable(id, { variableKey: key, variableValue: `first ${key}` }),
    );
    if (one === undefined || two === undefined) throw new Error('no variables');
    await store.createBuild({ ...change, variables: [one, two] });
    const next = makeChange(change.head, {
      variables: [
        { ...one, variableValue: 'second a' },
        { ...two, variableValue: 'second b' },
      ],
    });
    expect(await store.commitBuild(next)).toBe('applied');
    expect(await store.commitBuild(next)).toBe('conflict');
    const { rows } = await (await openDatabase(url)).query(
      'select variable_key, variable_value, replaced_at = $1 as at_change from build_variable_history order by variable_key',
      [next.head.build.updatedAt],
    );
    expect(rows).toEqual([
      { variable_key: 'a', variable_value: 'first a', at_change: true },
      { variable_key: 'b', variable_value: 'first b', at_change: true },
    ]);
  });
});

describe('times in PostgreSQL', () => {
  test('are the same whatever the time zone and the date style of server, database and user', async () => {
    const { url, name } = await newDatabase();
    const database = await openDatabase(url);
    await database.query(`alter database ${name} set timezone = 'America/St_Johns'`);
    await database.query(`alter database ${name} set datestyle = 'German'`);
    await database.query(`alter database ${name} set default_transaction_isolation = 'serializable'`);
    const store = await openStore(url);
    const project = await addProject(store);
    const moments = ['2026-03-29T01:30:00.007Z', '1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'];
    for (const createdAt of moments) {
      const change = makeCreation(project, { build: { createdAt, nextRetryAt: createdAt } });
      await store.createBuild(change);
      expect((await store.loadBuild(change.head.build.id))?.snapshot).toEqual({ ...change.head, project });
    }
    const { items } = await store.listBuilds({ limit: 9, since: '2026-01-01T00:00:00.000Z' });
    expect(items.map(({ createdAt }) => createdAt)).toEqual([moments[2], moments[0]]);
    const now = (await store.loadBuild(items[0]?.id ?? ''))?.now ?? 0;
    expect(Math.abs(now - Date.now())).toBeLessThan(60_000);
  });

  test.each([
    ['2026-06-01 00:00:00+00', '2026-06-01T00:00:00.000Z'],
    ['2026-06-01 05:45:00.5+05:45', '2026-06-01T00:00:00.500Z'],
    ['2026-05-31 21:30:00.12-02:30', '2026-06-01T00:00:00.120Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, time) => {
    expect(parseInstant(text)).toBe(time);
  });

  test.each(['infinity', '0044-03-15 12:00:00+00 BC', '12026-01-01 00:00:00+00', '01.06.2026 00:00:00'])(
    '%s is refused',
    (text) => {
      expect(() => parseInstant(text)).toThrow(/between the years 1 and 9999/);
    },
  );
});
