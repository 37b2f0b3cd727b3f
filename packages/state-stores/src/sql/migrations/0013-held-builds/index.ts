import type { Migration } from '../migration.ts';

/**
 * Until when builds are held at least, so that the indexes of waiting builds leave out what is claimed, begun or not. It
 * is what the lease said when it was acquired: renewals, of which there are many, do not write it. So a look for work
 * finds what is free at once, and looks at the leases of those alone who hold a build for longer than a lease lasts.
 */
export const heldBuilds: Migration = {
  version: 13,
  name: 'held builds',
  statements: (t) => [
    `ALTER TABLE builds ADD COLUMN held_until ${t.time}`,
    `UPDATE builds SET held_until =
      (SELECT expires_at FROM leases WHERE leases.build_id = builds.id AND leases.released_at IS NULL)
      WHERE status IN ('pending', 'running') AND deleted_at IS NULL`,
    'DROP INDEX builds_pending',
    'DROP INDEX builds_running',
    `CREATE INDEX builds_pending ON builds (project_id, created_at, id)
      WHERE status = 'pending' AND held_until IS NULL`,
    `CREATE INDEX builds_running ON builds (project_id, created_at, id)
      WHERE status = 'running' AND held_until IS NULL`,
    'CREATE INDEX builds_held ON builds (held_until, id) WHERE held_until IS NOT NULL',
  ],
};
