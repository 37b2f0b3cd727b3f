import { makeChange, makeCreation } from '@buildstate/conformance';
import { ConfigurationError, UnavailableError } from '@buildstate/core';
import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { describe, expect, test } from 'vitest';
import { openPostgres } from '../../src/postgres/index.ts';
import { storeSchema } from '../../src/sql/migrations/schedule.ts';
import { addWorkedBuild, backToFirstSchema, eventsBackOnPostgres, findsChild } from '../sql/first-schema.ts';
import { type RunningScript, start } from '../sql/processes/start.ts';
import { addProject, newStore, openDatabase, openStore } from './place.ts';

/** The error of opening a store. */
async function refusal(url: string): Promise<Error> {
  const store = openPostgres(url, { connectTimeoutMilliseconds: 2000 });
  try {
    await store.open();
  } catch (error) {
    return error as Error;
  } finally {
    await store.close();
  }
  throw new Error('it was opened');
}

async function allWell(scripts: readonly RunningScript[]): Promise<void> {
  const ends = await Promise.all(scripts.map(({ ended }) => ended));
  expect(ends).toEqual(scripts.map(() => ({ code: 0, problems: '' })));
}

const versions = Array.from(storeSchema.migrations, ({ version }) => ({
  version: String(version),
  times: '1',
}));
const applied = 'select version, count(*) as times from buildstate_schema group by 1 order by 1';

describe('opening a PostgreSQL store', () => {
  test('migrates an empty database once, when twenty instances start on it at once', async () => {
    const { url } = await newDatabase();
    await Promise.all(Array.from({ length: 20 }, () => openStore(url, { mostConnections: 5 })));
    expect((await (await openDatabase(url)).query(applied)).rows).toEqual(versions);
  }, 60_000);

  test('does so when the instances are processes of their own', async () => {
    const { url } = await newDatabase();
    await allWell(Array.from({ length: 6 }, () => start('open-once.ts', url)));
    expect((await (await openDatabase(url)).query(applied)).rows).toEqual(versions);
  }, 120_000);

  test('migrates a database of an older schema once, when twenty instances start on it at once', async () => {
    const { url, store } = await newStore();
    await store.close();
    const database = await openDatabase(url);
    await database.query('delete from buildstate_schema where version > 1');
    const tables = await database.query(
      "select relname, relkind from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')",
    );
    const drop = tables.rows.map(
      ({ relname, relkind }) => `drop ${relkind === 'v' ? 'view' : 'table'} if exists ${relname} cascade`,
    );
    await database.query(drop.filter((text) => !text.includes('buildstate_schema')).join(';'));
    const [first] = storeSchema.migrations;
    const { postgresDialect } = await import('../../src/postgres/postgres-dialect.ts');
    for (const text of first?.statements(postgresDialect.ddl) ?? []) await database.query(text);
    await Promise.all(Array.from({ length: 20 }, () => openStore(url, { mostConnections: 5 })));
    expect((await database.query(applied)).rows).toEqual(versions);
  }, 60_000);

  test('keeps what decisions know of builds, and their lineage, from the first schema on', async () => {
    const { url, store: before } = await newStore();
    const whole = await addWorkedBuild(before, await addProject(before));
    await before.close();
    const database = await openDatabase(url);
    await backToFirstSchema(whole, async (statement) => {
      await database.query(statement);
    });
    await database.query(eventsBackOnPostgres);
    const store = await openStore(url);
    expect(await store.loadWholeBuild(whole.head.build.id)).toEqual(whole);
    expect(await findsChild(store, whole)).toBe(true);
  });

  test('refuses a newer schema, says what to do, and changes nothing', async () => {
    const { url, store } = await newStore();
    await store.close();
    const database = await openDatabase(url);
    await database.query("insert into buildstate_schema values ('store', 99, 'from the future', now())");
    const error = await refusal(url);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/newer BuildState \(schema 99\), this one knows up to \d+; upgrade/);
  });

  test('refuses a schema in which another program has tables of the same names, and leaves them alone', async () => {
    const { url } = await newDatabase();
    const database = await openDatabase(url);
    await database.query(
      'create table builds (id int); create table build_states (id int); create table theirs (x int)',
    );
    const error = await refusal(url);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/build_states, builds/);
    expect(error.message).toMatch(/\?schema=buildstate/);
    expect(error.message).toMatch(/bldst store import/);
    const tables = await database.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace order by 1",
    );
    expect(tables.rows.map(({ relname }) => relname)).toEqual(['build_states', 'builds', 'theirs']);
  });

  test('lives beside another program in a schema of its own, which it makes', async () => {
    const { url } = await newDatabase();
    const database = await openDatabase(url);
    await database.query('create table builds (id int); create table theirs (x int)');
    const store = await openStore(`${url}?schema=buildstate`);
    expect(store.uri).toMatch(/\?schema=buildstate$/);
    await store.createBuild(makeCreation(await addProject(store)));
    expect((await database.query('select * from builds')).rows).toEqual([]);
    expect((await database.query('select * from buildstate.builds')).rows).toHaveLength(1);
  });

  test('works on when another instance has changed the tables under it', async () => {
    const { url, store } = await newStore();
    const creation = makeCreation(await addProject(store));
    await store.createBuild(creation);
    const { id } = creation.head.build;
    const look = async () => [
      await store.loadBuild(id),
      await store.loadBuild(id, { jobs: true, artifacts: 'all' }),
      await store.listBuilds({ limit: 1 }),
      await store.listTokens(),
    ];
    await look();
    const database = await openDatabase(url);
    await database.query(
      'alter table builds add column added text; alter table api_tokens add column added text',
    );
    await database.query('alter table build_jobs add column added text');
    for (const answer of await look()) expect(answer).toBeDefined();
    expect(await store.commitBuild(makeChange(creation.head))).toBe('applied');
  });

  test('says whom the database does not let in, and never the password', async () => {
    const { url, password } = await newDatabase();
    const wrong = url.replace(password, 'canary-password');
    for (const address of [wrong, url.replace(/test_\d+$/, 'absent'), url.replace(/:\d+\//, ':1/')]) {
      const error = await refusal(address);
      const shown = JSON.stringify([String(error), error.stack, (error as ConfigurationError).context]);
      expect(shown).not.toContain('canary-password');
      expect(shown).not.toContain(password);
    }
    expect((await refusal(wrong)).message).toMatch(/refuses the password or the user.*PGPASSWORD/);
    expect(await refusal(url.replace(/test_\d+$/, 'absent'))).toBeInstanceOf(ConfigurationError);
    expect((await refusal(url.replace(/test_\d+$/, 'absent'))).message).toMatch(/has no database.*createdb/);
    expect(await refusal(url.replace(/:\d+\//, ':1/'))).toBeInstanceOf(UnavailableError);
    expect(openPostgres(url).uri).not.toContain(password);
  });

  test('refuses a database that does not keep texts as UTF-8', async () => {
    const { url } = await newDatabase();
    const database = await openDatabase(url);
    await database.query(
      "create database latin encoding 'LATIN1' locale 'C' locale_provider libc template template0",
    );
    const error = await refusal(url.replace(/test_\d+$/, 'latin'));
    await database.query('drop database latin with (force)');
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/LATIN1.*--encoding=UTF8/);
  });

  test('says that rights are missing when the user may not make tables', async () => {
    const { url, name, password } = await newDatabase();
    const database = await openDatabase(url);
    await database.query(`create role weak_${name} login password '${password}'`);
    const error = await refusal(url.replace('tester:', `weak_${name}:`));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/rights/);
    await database.query(`drop role weak_${name}`);
  });
});
