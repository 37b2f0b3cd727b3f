import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { makeCreation } from '@buildstate/conformance';
import { ConfigurationError, StoreError, UnavailableError } from '@buildstate/core';
import { describe, expect, test } from 'vitest';
import { storeSchema } from '../../src/sql/migrations/schedule.ts';
import { openSqlite } from '../../src/sqlite/index.ts';
import { addProject, newFolder, openDatabase, openStore } from './place.ts';

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('opening a SQLite store', () => {
  test('makes folders and files that only their owner can read', async () => {
    const folder = await newFolder();
    const file = await openStore(`sqlite://${folder}/new/state.db`);
    await addProject(file);
    expect(await modeOf(`${folder}/new`)).toBe(0o700);
    for (const name of ['state.db', 'state.db-wal', 'state.db-shm'])
      expect(await modeOf(`${folder}/new/${name}`), name).toBe(0o600);
    const store = await openStore(`sqlite://${folder}/builds`);
    const change = makeCreation(await addProject(store));
    await store.createBuild(change);
    expect(await modeOf(`${folder}/builds`)).toBe(0o700);
    for (const name of ['index.db', `${change.head.build.id}.db`, `${change.head.build.id}.db-wal`])
      expect(await modeOf(`${folder}/builds/${name}`), name).toBe(0o600);
  });

  test.each(['state.db', 'builds'])(
    'refuses a network file system for %s and makes nothing',
    async (name) => {
      const folder = await newFolder();
      const asked: string[] = [];
      const isNetworkFileSystem = (path: string): boolean => {
        asked.push(path);
        return true;
      };
      const store = openSqlite(`sqlite://${folder}/${name}`, { isNetworkFileSystem });
      await expect(store.open()).rejects.toThrow(ConfigurationError);
      await expect(store.open()).rejects.toThrow(/network file system.*local disk/);
      expect(asked).toContain(`${folder}/${name}`);
      await expect(stat(`${folder}/${name}`)).rejects.toThrow(/ENOENT/);
    },
  );

  test.each(['state.db', 'index'])(
    'refuses a newer schema in %s, says what to do, and changes nothing',
    async (which) => {
      const folder = await newFolder();
      const uri = which === 'index' ? `sqlite://${folder}` : `sqlite://${folder}/state.db`;
      const store = openSqlite(uri);
      await store.open();
      await store.close();
      const database = openDatabase(which === 'index' ? `${folder}/index.db` : `${folder}/state.db`);
      database.exec("insert into buildstate_schema values ('store', 99, 'from the future', '')");
      const again = openSqlite(uri);
      await expect(again.open()).rejects.toThrow(ConfigurationError);
      const known = storeSchema.migrations.length;
      await expect(again.open()).rejects.toThrow(
        `newer BuildState (schema 99), this one knows up to ${known}; upgrade`,
      );
      expect(database.prepare('select max(version) from buildstate_schema').pluck().get()).toBe(99);
    },
  );

  test('refuses a database of another program', async () => {
    const folder = await newFolder();
    openDatabase(`${folder}/other.db`).exec('create table theirs (x)');
    const store = openSqlite(`sqlite://${folder}/other.db`);
    await expect(store.open()).rejects.toThrow(ConfigurationError);
    await expect(store.open()).rejects.toThrow(/not one of BuildState/);
    const tables = openDatabase(`${folder}/other.db`).prepare('select name from sqlite_master').pluck().all();
    expect(tables).toEqual(['theirs']);
  });

  test('says that a file is no database, and leaves it as it is', async () => {
    const folder = await newFolder();
    const path = `${folder}/notes.db`;
    await writeFile(path, 'these are notes, and not a database at all'.repeat(30));
    const { size, mtimeMs } = await stat(path);
    const store = openSqlite(`sqlite://${path}`);
    await expect(store.open()).rejects.toThrow(StoreError);
    await expect(store.open()).rejects.toThrow(
      `${path} is damaged, or not a database. Restore it from a backup.`,
    );
    expect(await stat(path)).toMatchObject({ size, mtimeMs });
  });

  test('says that a database is damaged when it comes upon the damage', async () => {
    const folder = await newFolder();
    const path = `${folder}/state.db`;
    const store = openSqlite(`sqlite://${path}`);
    await store.open();
    const project = await addProject(store);
    await store.close();
    const bytes = await readFile(path);
    // The first page, which names the tables, stays whole.
    await writeFile(path, bytes.fill(0xff, 4096));
    await store
      .open()
      .then(() => store.loadProject({ id: project.id }))
      .then(
        () => expect.unreachable(),
        (error: unknown) => {
          expect(error).toBeInstanceOf(StoreError);
          expect(String(error)).toContain(`${path} is damaged, or not a database. Restore it from a backup.`);
        },
      );
    await store.close();
  });

  test('refuses a folder where a file is meant', async () => {
    const folder = await newFolder();
    await mkdir(`${folder}/state.db`);
    const store = openSqlite(`sqlite://${folder}/state.db`);
    await expect(store.open()).rejects.toThrow(ConfigurationError);
  });

  test('refuses a file where a folder is meant', async () => {
    const folder = await newFolder();
    await writeFile(`${folder}/builds`, '');
    const store = openSqlite(`sqlite://${folder}/builds`);
    await expect(store.open()).rejects.toThrow(ConfigurationError);
  });

  test('gives up after the time-out when another process keeps the lock', async () => {
    const folder = await newFolder();
    const store = await openStore(`sqlite://${folder}/state.db`, { busyTimeoutMilliseconds: 60 });
    const other = openDatabase(`${folder}/state.db`);
    other.exec('BEGIN IMMEDIATE');
    await expect(addProject(store)).rejects.toThrow(UnavailableError);
    await expect(store.ping()).resolves.toBeUndefined();
    other.exec('COMMIT');
    await expect(addProject(store)).resolves.toBeDefined();
  });

  test('answers nothing before it is opened and after it is closed', async () => {
    for (const uri of ['sqlite::memory:', `sqlite://${await newFolder()}`]) {
      const store = openSqlite(uri);
      await expect(store.ping()).rejects.toThrow(UnavailableError);
      await store.open();
      await store.ping();
      await store.close();
      await store.close();
      await expect(store.listBuilds({ limit: 1 })).rejects.toThrow(UnavailableError);
    }
  });

  test('names no SQL and no value in its errors', async () => {
    const folder = await newFolder();
    const store = await openStore(`sqlite://${folder}/state.db`);
    const change = makeCreation(await addProject(store), { build: { description: 'a canary' } });
    openDatabase(`${folder}/state.db`).exec('drop view build_failures; drop table build_events');
    const error: unknown = await store.createBuild(change).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreError);
    const shown = JSON.stringify([String(error), (error as StoreError).context]);
    expect(shown).not.toMatch(/canary|insert|build_events/);
  });
});
