import { makeProject } from '@buildstate/conformance';
import type { Project, StateStore } from '@buildstate/core';
import { newDatabase } from '@buildstate/tooling/postgres-shared';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { openPostgres, type PostgresOptions } from '../../src/postgres/index.ts';

/** An open store that is closed after the test. */
export async function openStore(url: string, options?: PostgresOptions): Promise<StateStore> {
  const store = openPostgres(url, options);
  onTestFinished(() => store.close());
  await store.open();
  return store;
}

/** A new database, and an open store on it. */
export async function newStore(options?: PostgresOptions): Promise<{ url: string; store: StateStore }> {
  const { url } = await newDatabase();
  return { url, store: await openStore(url, options) };
}

/** A project that is in the store. */
export async function addProject(store: StateStore): Promise<Project> {
  const project = makeProject();
  await store.saveProject(project, 0);
  return project;
}

/** A database as anybody with SQL sees it; closed after the test. */
export async function openDatabase(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // Tests end connections, and whole servers, on purpose.
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
