import { makeProject } from '@buildstate/conformance';
import type { WholeBuild } from '@buildstate/core';
import Database from 'better-sqlite3';
import pg from 'pg';
import { postgresDialect } from '../../../src/postgres/postgres-dialect.ts';
import { openStateStore } from '../../../src/registry.ts';
import { storeSchema } from '../../../src/sql/migrations/schedule.ts';
import { sqliteDialect } from '../../../src/sqlite/sqlite-dialect.ts';
import {
  addWorkedBuild,
  backToFirstSchema,
  type Execute,
  eventsBackOnPostgres,
} from '../../sql/first-schema.ts';

/** The newest version of the schema. */
export const newestVersion = storeSchema.migrations.length;

const isPostgres = (url: string): boolean => url.startsWith('postgres');

/** Runs statements in the database of a store, as anybody with SQL can. */
async function withDatabase<T>(
  url: string,
  run: (execute: Execute, rows: (query: string) => Promise<readonly object[]>) => Promise<T>,
): Promise<T> {
  if (isPostgres(url)) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return await run(
        async (statement) => void (await client.query(statement)),
        async (query) => (await client.query(query)).rows,
      );
    } finally {
      await client.end();
    }
  }
  const database = new Database(url.slice('sqlite://'.length));
  try {
    return await run(
      async (statement) => void database.exec(statement),
      async (query) => database.prepare(query).all() as object[],
    );
  } finally {
    database.close();
  }
}

/** Brings a database of the first schema to a later one, as the BuildState of that time did. */
async function forwardTo(version: number, url: string, execute: Execute): Promise<void> {
  const { ddl } = isPostgres(url) ? postgresDialect : sqliteDialect;
  for (const { version: step, name, statements } of storeSchema.migrations.slice(1, version)) {
    for (const statement of statements(ddl)) await execute(statement);
    await execute(
      `INSERT INTO buildstate_schema (name, version, step, applied_at)
       SELECT name, ${step}, '${name}', applied_at FROM buildstate_schema WHERE version = 1`,
    );
  }
}

/**
 * Makes an empty database one that an earlier BuildState has written, with a build in it; for version 0 it stays empty.
 * @returns the build, which every later version must still show
 */
export async function makeOlder(url: string, version: number): Promise<WholeBuild | undefined> {
  if (version === 0) return undefined;
  const store = await openStateStore(url);
  const project = makeProject();
  await store.saveProject(project, 0);
  const whole = await addWorkedBuild(store, project);
  await store.close();
  await withDatabase(url, async (execute) => {
    await backToFirstSchema(whole, execute);
    if (isPostgres(url)) await execute(eventsBackOnPostgres);
    await forwardTo(version, url, execute);
  });
  return whole;
}

/** The versions that are noted in a database, each as often as it is noted. */
export function notedVersions(url: string): Promise<number[]> {
  return withDatabase(url, async (_, rows) =>
    (await rows("SELECT version FROM buildstate_schema WHERE name = 'store' ORDER BY version")).map((row) =>
      Number((row as { version: number | string }).version),
    ),
  );
}
