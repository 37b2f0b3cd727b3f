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
    ) ${t.changingClusteredTableOptions}`,
    // Until now all of them were one document in the head.
    `INSERT INTO build_state_records
      SELECT builds.id, cast(record.value ->> 'state' AS bigint), cast(record.value ->> 'attempts' AS bigint),
        cast(record.value ->> 'failures' AS bigint), record.value ->> 'outcome',
        record.value ->> 'completedAttemptId', record.value ->> 'artifactFingerprint',
        record.value ->> 'lastAttemptId',
        coalesce(cast(record.value ->> 'abandoned' AS text), '') IN ('true', '1')
      FROM builds, ${t.eachMember("builds.head -> 'states'", 'record')}`,
  ],
};
