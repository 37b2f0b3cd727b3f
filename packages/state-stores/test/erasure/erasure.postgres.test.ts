import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { describe, test } from 'vitest';
import { openPostgres } from '../../src/postgres/index.ts';
import { newFolder } from '../moving/places.ts';
import { openDatabase } from '../postgres/place.ts';
import { expectForgotten } from './canary.ts';

describe('a person who is forgotten', () => {
  test('is in no row of a PostgreSQL database', async () => {
    const { url } = await newDatabase();
    const database = await openDatabase(url);
    const tables = async () => {
      const query = "select tablename from pg_tables where schemaname = 'public'";
      return (await database.query<{ tablename: string }>(query)).rows.map(({ tablename }) => tablename);
    };
    await expectForgotten({
      store: openPostgres(url),
      folder: await newFolder(),
      async holds(text) {
        for (const table of await tables()) {
          const query = `select 1 from "${table}" as held where held::text like $1 limit 1`;
          if ((await database.query(query, [`%${text}%`])).rows.length > 0) return true;
        }
        return false;
      },
    });
  });
});
