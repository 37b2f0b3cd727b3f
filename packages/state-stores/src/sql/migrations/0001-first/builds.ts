import type { DdlTypes } from '../../dialect.ts';

/**
 * Builds, the leases on them, and the reports that were counted. Reference data is named by id without a foreign key:
 * it may live in another database than the build does.
 */
export function buildTables(t: DdlTypes): string[] {
  return [
    `CREATE TABLE builds (
      id ${t.text} NOT NULL PRIMARY KEY,
      build_number ${t.text} NOT NULL,
      project_id ${t.text} NOT NULL REFERENCES projects (id),
      project ${t.text} NOT NULL,
      platform_id ${t.text},
      platform ${t.text},
      os_version_id ${t.text},
      os_version ${t.text},
      image_type_id ${t.text},
      image_type ${t.text},
      cloud_provider ${t.text},
      os_distribution_id ${t.text},
      image_variant_id ${t.text},
      description ${t.text},
      current_state ${t.integer} NOT NULL,
      last_successful_state ${t.integer} NOT NULL,
      failed_state ${t.integer},
      status ${t.text} NOT NULL,
      version ${t.integer} NOT NULL,
      next_retry_at ${t.time},
      parent_build_id ${t.text},
      branch_key ${t.text},
      branched_from_state ${t.integer},
      resume_token ${t.text},
      metadata ${t.json} NOT NULL,
      created_by ${t.text},
      created_at ${t.time} NOT NULL,
      updated_at ${t.time} NOT NULL,
      start_time ${t.time},
      end_time ${t.time},
      duration_seconds ${t.real},
      deleted_at ${t.time},
      open_attempt_id ${t.text},
      head ${t.json} NOT NULL,
      UNIQUE (project_id, build_number)
    ) ${t.changingTableOptions}`,
    'CREATE INDEX builds_by_age ON builds (created_at, id)',
    'CREATE INDEX builds_of_project ON builds (project_id, created_at, id)',
    'CREATE INDEX builds_by_status ON builds (status, created_at, id)',
    'CREATE INDEX builds_of_platform ON builds (platform_id, created_at, id)',
    'CREATE INDEX builds_of_parent ON builds (parent_build_id, created_at, id)',
    `CREATE TABLE leases (
      build_id ${t.text} NOT NULL PRIMARY KEY ${t.ofGuardedBuild},
      holder ${t.text} NOT NULL,
      identity ${t.json},
      token ${t.integer} NOT NULL,
      ttl_seconds ${t.real} NOT NULL,
      acquired_at ${t.time} NOT NULL,
      renewals ${t.integer} NOT NULL,
      expires_at ${t.time} NOT NULL,
      released_at ${t.time}
    ) ${t.changingTableOptions}`,
    `CREATE TABLE reports (
      build_id ${t.text} NOT NULL ${t.ofGuardedBuild},
      event_id ${t.text} NOT NULL,
      answer ${t.json},
      PRIMARY KEY (event_id, build_id)
    ) ${t.clusteredTableOptions}`,
    `CREATE TABLE build_events (
      position ${t.position},
      build_id ${t.text} NOT NULL ${t.ofGuardedBuild},
      seq ${t.integer} NOT NULL,
      type ${t.text} NOT NULL,
      actor_id ${t.text} NOT NULL,
      at ${t.time} NOT NULL,
      data ${t.json} NOT NULL,
      prev_hash ${t.text} NOT NULL,
      hash ${t.text} NOT NULL,
      UNIQUE (build_id, seq)
    ) ${t.tableOptions}`,
  ];
}
