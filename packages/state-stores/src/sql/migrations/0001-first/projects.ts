import type { DdlTypes } from '../../dialect.ts';

/** Projects and their lists. */
export function projectTables(t: DdlTypes): string[] {
  return [
    `CREATE TABLE projects (
      id ${t.text} NOT NULL PRIMARY KEY,
      name ${t.text} NOT NULL UNIQUE,
      description ${t.text},
      parent_project_id ${t.text},
      artifact_base ${t.text},
      settings ${t.json} NOT NULL,
      revision ${t.integer} NOT NULL,
      created_at ${t.time} NOT NULL,
      updated_at ${t.time} NOT NULL,
      deactivated_at ${t.time}
    ) ${t.tableOptions}`,
    `CREATE TABLE state_codes (
      position ${t.position},
      id ${t.text} NOT NULL,
      project_id ${t.text} NOT NULL REFERENCES projects (id),
      state_code ${t.integer} NOT NULL,
      name ${t.text} NOT NULL,
      aliases ${t.json} NOT NULL,
      display_name ${t.text} NOT NULL,
      description ${t.text},
      prerequisites ${t.json} NOT NULL,
      expected_duration_seconds ${t.real},
      is_initial ${t.flag} NOT NULL,
      is_final ${t.flag} NOT NULL,
      is_error ${t.flag} NOT NULL,
      deprecated_at ${t.time},
      created_at ${t.time} NOT NULL,
      UNIQUE (project_id, state_code)
    ) ${t.tableOptions}`,
    `CREATE TABLE retry_policies (
      position ${t.position},
      project_id ${t.text} NOT NULL REFERENCES projects (id),
      state_code ${t.integer},
      policy ${t.json} NOT NULL
    ) ${t.tableOptions}`,
    'CREATE UNIQUE INDEX retry_policies_of_project ON retry_policies (project_id, coalesce(state_code, -1))',
    `CREATE TABLE resumable_states (
      position ${t.position},
      id ${t.text} NOT NULL,
      project_id ${t.text} NOT NULL REFERENCES projects (id),
      state_code ${t.integer} NOT NULL,
      is_resumable ${t.flag} NOT NULL,
      resume_strategy ${t.text} NOT NULL,
      required_artifacts ${t.json} NOT NULL,
      required_variables ${t.json} NOT NULL,
      resume_command ${t.text},
      resume_timeout_seconds ${t.real} NOT NULL,
      description ${t.text},
      notes ${t.text},
      created_at ${t.time} NOT NULL,
      updated_at ${t.time} NOT NULL,
      UNIQUE (project_id, state_code)
    ) ${t.tableOptions}`,
    `CREATE TABLE failure_patterns (
      position ${t.position},
      project_id ${t.text} NOT NULL REFERENCES projects (id),
      pattern ${t.text} NOT NULL,
      category ${t.text} NOT NULL
    ) ${t.tableOptions}`,
    'CREATE INDEX failure_patterns_of_project ON failure_patterns (project_id)',
  ];
}
