import type { StoreInspection } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlContext } from './context.ts';
import { schemaTable } from './migrations/migrate.ts';
import { storeSchema } from './migrations/schedule.ts';
import { statementOf } from './prepared.ts';
import { readRow, readRows } from './read.ts';

/** See `StoreInspections.inspect`. */
export async function inspectDatabase({ dialect, session }: SqlContext): Promise<StoreInspection> {
  const query = sql`select ${dialect.size} as bytes,
    (select max(version) from ${sql.table(schemaTable)} where name = ${storeSchema.schema}) as version,
    (select count(*) from projects) as projects,
    (select count(*) from builds) as builds,
    (select count(*) from build_states) as attempts,
    (select count(*) from build_artifacts) as artifacts`;
  const row = await readRow(session, statementOf(dialect, query));
  const number = (name: string) => Number(row?.[name] ?? 0);
  return {
    schemaVersion: number('version'),
    bytes: number('bytes'),
    counts: {
      projects: number('projects'),
      builds: number('builds'),
      attempts: number('attempts'),
      artifacts: number('artifacts'),
    },
  };
}

/** See `StoreInspections.findDamage`. */
export async function findDamage({ dialect, session }: SqlContext): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { query, problem } of dialect.damage) {
    for (const row of await readRows(session, statementOf(dialect, query))) found.push(problem(row) ?? '');
  }
  return found.filter((text) => text !== '');
}
