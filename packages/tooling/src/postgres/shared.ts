import { inject, onTestFinished } from 'vitest';
import type { TestDatabase } from './databases.ts';
import './setup.ts';

async function ask(method: string, path: string): Promise<string> {
  const response = await fetch(`${inject('postgresBroker')}/${path}`, { method });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/** A database that somebody else removes. */
export interface LentDatabase extends TestDatabase {
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Makes an empty database on the server that all `*.postgres.test.ts` files of a run share. Whoever asks drops it.
 *
 * @throws {Error} when the server does not start
 */
export async function lendDatabase(): Promise<LentDatabase> {
  const database = JSON.parse(await ask('POST', '')) as TestDatabase;
  return {
    ...database,
    async drop() {
      await ask('DELETE', database.name);
    },
  };
}

/**
 * An empty database for the running test, dropped at its end.
 *
 * @throws {Error} when the server does not start
 */
export async function newDatabase(): Promise<TestDatabase> {
  const { drop, ...database } = await lendDatabase();
  onTestFinished(drop);
  return database;
}
