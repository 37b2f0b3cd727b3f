import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeProject } from '@buildstate/conformance';
import type { Project, StateStore } from '@buildstate/core';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { openSqlite, type SqliteOptions } from '../../src/sqlite/index.ts';

/** A new folder that is removed after the test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'buildstate-sql-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An open store that is closed after the test. */
export async function openStore(uri: string, options?: SqliteOptions): Promise<StateStore> {
  const store = openSqlite(uri, options);
  await store.open();
  onTestFinished(() => store.close());
  return store;
}

/** A project that is in the store. */
export async function addProject(store: StateStore): Promise<Project> {
  const project = makeProject();
  await store.saveProject(project, 0);
  return project;
}

/** A database as anybody with SQL sees it; closed after the test. */
export function openDatabase(path: string): Database.Database {
  const database = new Database(path);
  onTestFinished(() => {
    database.close();
  });
  return database;
}
