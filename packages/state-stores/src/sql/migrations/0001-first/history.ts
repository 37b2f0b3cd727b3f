import type { DdlTypes } from '../../dialect.ts';

/**
 * Attempts, and the failed ones of them as people ask for them. Ids come first in the unique index because new ones sort
 * last: rows of many builds go to the same few pages, and a commit writes less.
 */
export function historyTables(t: DdlTypes): string[] {
  return [
    `CREATE TABLE build_states (
      position ${t.position},
      id ${t.text} NOT NULL,
      build_id ${t.text} NOT NULL ${t.ofGuardedBuild},
      event_id ${t.text} NOT NULL,
      state ${t.integer} NOT NULL,
      attempt ${t.integer},
      status ${t.text} NOT NULL,
      message ${t.text},
      start_time ${t.time},
      start_inferred ${t.flag} NOT NULL,
      end_time ${t.time},
      duration_seconds ${t.real},
      closed_by ${t.text},
      error_message ${t.text},
      error_code ${t.text},
      error_category ${t.text},
      component ${t.text},
      error_details ${t.json},
      retry_count ${t.integer} NOT NULL,
      reported_by ${t.text},
      job_id ${t.text},
      lease_token ${t.integer},
      artifact_storage_type ${t.text},
      artifact_storage_path ${t.text},
      artifact_size_bytes ${t.integer},
      artifact_checksum ${t.text},
      artifact_metadata ${t.json},
      metadata ${t.json} NOT NULL,
      created_at ${t.time} NOT NULL,
      UNIQUE (id, build_id)
    ) ${t.changingTableOptions}`,
    'CREATE INDEX build_states_of_build ON build_states (build_id, created_at, id)',
    // A failure is over once a later row of its state shows that the state went on.
    `CREATE VIEW build_failures AS
      SELECT failed.id, failed.build_id, failed.state, failed.error_category AS failure_type,
        failed.error_message, failed.error_details, failed.component, failed.retry_count AS retry_attempt,
        (later.position IS NOT NULL) AS resolved, later.message AS resolution_notes, failed.created_at,
        coalesce(later.end_time, later.created_at) AS resolved_at
      FROM build_states AS failed
      LEFT JOIN build_states AS later ON later.position = (
        SELECT min(candidate.position) FROM build_states AS candidate
        WHERE candidate.build_id = failed.build_id AND candidate.state = failed.state
          AND candidate.position > failed.position
          AND candidate.status IN ('completed', 'skipped', 'rolled_back', 'manual_retry'))
      WHERE failed.status = 'failed'`,
  ];
}
