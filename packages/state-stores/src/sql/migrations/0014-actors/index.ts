import type { Migration } from '../migration.ts';

/** The names of those who act. Everything else names them by id from now on. */
export const actorTable: Migration = {
  version: 14,
  name: 'actors',
  statements: (t) => [
    `CREATE TABLE actors (
      id ${t.text} NOT NULL PRIMARY KEY,
      name ${t.text},
      erased_at ${t.time},
      erased_by ${t.text}
    ) ${t.tableOptions}`,
    // Not unique: a store that is brought in has its own id for a name.
    'CREATE INDEX actors_by_name ON actors (name, id)',
  ],
};
