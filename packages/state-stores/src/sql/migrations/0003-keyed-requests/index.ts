import type { Migration } from '../migration.ts';

/** Requests that carry a key of their caller's. */
export const keyedRequestTable: Migration = {
  version: 3,
  name: 'keyed requests',
  statements: (t) => [
    `CREATE TABLE keyed_requests (
      id ${t.text} NOT NULL PRIMARY KEY,
      fingerprint ${t.text} NOT NULL,
      performer ${t.text} NOT NULL,
      held_until ${t.time},
      expires_at ${t.time} NOT NULL,
      seed ${t.json},
      answer ${t.json}
    ) ${t.tableOptions}`,
    'CREATE INDEX keyed_requests_by_expiry ON keyed_requests (expires_at)',
  ],
};
