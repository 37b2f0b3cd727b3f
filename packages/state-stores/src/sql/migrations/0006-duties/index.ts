import type { Migration } from '../migration.ts';

/** Work in the background that one process at a time does. */
export const dutyTable: Migration = {
  version: 6,
  name: 'duties',
  statements: (t) => [
    `CREATE TABLE duties (
      name ${t.text} NOT NULL PRIMARY KEY,
      holder ${t.text} NOT NULL,
      token ${t.integer} NOT NULL,
      ttl_seconds ${t.real} NOT NULL,
      taken_at ${t.time} NOT NULL,
      held_until ${t.time},
      due_at ${t.time},
      ended_at ${t.time},
      outcome ${t.text},
      failures ${t.integer} NOT NULL,
      detail ${t.text}
    ) ${t.changingTableOptions}`,
  ],
};
