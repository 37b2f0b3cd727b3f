import { expect, test } from 'vitest';
import { nullable } from '../../src/moving/nullable.ts';
import { newFolder, openDatabase, openStore } from '../sql/place.ts';

/** Columns that are no fields of the record that the table keeps. */
const ofTheTable: Readonly<Record<string, readonly string[]>> = {
  builds: ['open_attempt_id', 'held_until'],
};

test('an archive may leave empty exactly what the tables may', async () => {
  const folder = await newFolder();
  await openStore(`sqlite://${folder}/state.db`);
  const database = openDatabase(`${folder}/state.db`);
  for (const [table, fields] of Object.entries(nullable)) {
    const columns = database.pragma(`table_xinfo(${table})`) as {
      name: string;
      notnull: number;
      pk: number;
      hidden: number;
    }[];
    const empty = columns.filter(({ notnull, pk, hidden }) => notnull === 0 && pk === 0 && hidden === 0);
    const names = empty.map(({ name }) => name).filter((name) => !ofTheTable[table]?.includes(name));
    expect([...fields].sort(), table).toEqual(names.sort());
  }
});
