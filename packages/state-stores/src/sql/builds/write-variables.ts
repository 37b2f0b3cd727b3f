import type { Timestamp, Variable } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlDialect, Statement } from '../dialect.ts';
import { prepared } from '../prepared.ts';
import { variables } from '../rows/variables-rows.ts';
import { upserter } from '../write-records.ts';

/** Writes a variable at a time. */
export type WriteVariable = (variable: Variable, at: Timestamp) => Statement[];

/** Adds or replaces variables, and keeps the row that is replaced. */
export function variableWriter(dialect: SqlDialect): WriteVariable {
  const upsert = upserter(dialect, variables, ['id', 'build_id']);
  const columns = sql.join(variables.names.map((name) => sql.ref(name)));
  const keep = prepared<{ id: string; buildId: string; at: string }>(
    dialect,
    (value) => sql`insert into build_variable_history (${columns}, replaced_at)
      select ${columns}, ${value('at')} from build_variables
      where build_id = ${value('buildId')} and id = ${value('id')}`,
  );
  return (variable, at) => [keep({ id: variable.id, buildId: variable.buildId, at }), upsert(variable)];
}
