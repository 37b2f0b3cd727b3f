import type { Migration } from '../migration.ts';

/** Where branches end, and which branches a build has. */
export const branches: Migration = {
  version: 8,
  name: 'branches',
  statements: (t) => [
    `ALTER TABLE builds ADD COLUMN branch_until ${t.integer}`,
    `ALTER TABLE builds ADD COLUMN branches ${t.json}`,
  ],
};
