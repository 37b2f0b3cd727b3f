import type { Migration } from '../migration.ts';

/**
 * What searches over all builds go by. None of the indexed columns ever changes once its row is there, so that a change
 * of an attempt does not touch them.
 */
export const searches: Migration = {
  version: 4,
  name: 'searches over all builds',
  statements: (t) => [
    'CREATE INDEX build_artifacts_by_age ON build_artifacts (created_at, id, build_id)',
    'CREATE INDEX build_artifacts_by_checksum ON build_artifacts (checksum, created_at, id, build_id)',
    'CREATE INDEX build_states_by_age ON build_states (created_at, id, build_id)',
    'CREATE INDEX resume_requests_by_age ON resume_requests (created_at, id, build_id)',
    // Which artifacts name a parent; the list in `build_artifacts.parents`, the other way round.
    `CREATE TABLE artifact_parents (
      parent_id ${t.text} NOT NULL,
      artifact_id ${t.text} NOT NULL,
      build_id ${t.text} NOT NULL REFERENCES builds (id),
      PRIMARY KEY (parent_id, artifact_id, build_id)
    ) ${t.clusteredTableOptions}`,
    `INSERT INTO artifact_parents
      SELECT DISTINCT parent.value, build_artifacts.id, build_artifacts.build_id
      FROM build_artifacts, ${t.eachText('build_artifacts.parents', 'parent')}`,
  ],
};
