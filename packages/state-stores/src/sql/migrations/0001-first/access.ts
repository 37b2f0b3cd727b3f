import type { DdlTypes } from '../../dialect.ts';

/** People and keys. */
export function accessTables(t: DdlTypes): string[] {
  return [
    `CREATE TABLE users (
      id ${t.text} NOT NULL PRIMARY KEY,
      name ${t.text} NOT NULL UNIQUE,
      display_name ${t.text},
      email ${t.text},
      created_at ${t.time} NOT NULL,
      updated_at ${t.time} NOT NULL,
      deactivated_at ${t.time}
    ) ${t.tableOptions}`,
    `CREATE TABLE api_tokens (
      id ${t.text} NOT NULL PRIMARY KEY,
      name ${t.text} NOT NULL,
      hash ${t.text} NOT NULL,
      scopes ${t.json} NOT NULL,
      project_id ${t.text},
      created_by ${t.text},
      created_at ${t.time} NOT NULL,
      expires_at ${t.time},
      last_used_at ${t.time},
      revoked_at ${t.time}
    ) ${t.tableOptions}`,
    'CREATE INDEX api_tokens_by_age ON api_tokens (created_at, id)',
  ];
}
