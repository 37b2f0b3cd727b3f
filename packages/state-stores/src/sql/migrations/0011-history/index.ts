import type { Migration } from '../migration.ts';

/** How much of a build's history is there, and the builds that have ended by their end. */
export const historyKept: Migration = {
  version: 11,
  name: 'history that is let go of',
  statements: (t) => [
    `ALTER TABLE builds ADD COLUMN history ${t.text} NOT NULL DEFAULT 'full'`,
    `ALTER TABLE projects ADD COLUMN retention ${t.json}`,
    'UPDATE builds SET end_time = deleted_at WHERE end_time IS NULL AND deleted_at IS NOT NULL',
    // Partial, so that builds under way and builds without a history are not in it.
    `CREATE INDEX builds_by_end ON builds (history, end_time, id)
      WHERE end_time IS NOT NULL AND history <> 'none'`,
  ],
};
