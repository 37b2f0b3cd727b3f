import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { expect, test } from 'vitest';
import { newestVersion } from './older-database.ts';
import { startTogether } from './start-together.ts';

/** Nothing, the first schema, and the one before the newest; the long form takes all of them. */
const versions = [0, 1, newestVersion - 1];

test.each(versions)(
  'five instances at once bring a PostgreSQL database from version %i to the newest',
  async (from) => {
    const { url } = await newDatabase();
    const killsOne = from % 2 === 1;
    expect(await startTogether({ url, from, instances: 5, killsOne })).toEqual([]);
  },
  180_000,
);
