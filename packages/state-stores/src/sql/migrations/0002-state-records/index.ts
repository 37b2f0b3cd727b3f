import type { Migration } from '../migration.ts';

/**
 * What decisions know of each state, in the order of the build's states. Written only behind the guard of the build's
 * row, so that no foreign key has to look at that row once more.
 */
export const stateRecords: Migration = {
  version: 2,
  name: 'state records',
  statements: (t) => [
    `CREATE TABLE build_state_records (
      build_id ${t.text} NOT NULL,
      state ${t.integer} NOT NULL,
      attempts ${t.integer} NOT NULL,
      failures ${t.integer} NOT NULL,
      outcome ${t.text},
      completed_attempt_id ${t.text},
      artifact_fingerprint ${t.text},
      last_attempt_id ${t.text} NOT NULL,
      abandoned ${t.flag} NOT NULL,
      PRIMARY KEY (build_id, state)
    ) ${t.clusteredTableOptions}`,
  ],
};
