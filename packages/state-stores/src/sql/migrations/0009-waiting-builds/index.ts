import type { Migration } from '../migration.ts';

/**
 * What workers find waiting builds by. A build enters an index when it is made, when it is begun or goes on after a
 * failure, and when it fails with another try to come: with changes of the status, which is indexed anyway. Transitions
 * of a running build touch none of them.
 */
export const waitingBuilds: Migration = {
  version: 9,
  name: 'waiting builds',
  statements: () => [
    `CREATE INDEX builds_pending ON builds (project_id, created_at, id) WHERE status = 'pending'`,
    `CREATE INDEX builds_running ON builds (project_id, created_at, id) WHERE status = 'running'`,
    'CREATE INDEX builds_due ON builds (next_retry_at, id) WHERE next_retry_at IS NOT NULL',
  ],
};
