import type { Timestamp, Variable } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlDialect, WriteStatement } from '../dialect.ts';
import { prepared } from '../prepared.ts';
import { variables } from '../rows/variables-rows.ts';
import { upserter } from '../write-records.ts';
import { input, type WriteShape } from '../write-shape.ts';

/** Writes a variable at a time. */
export type WriteVariable = (variable: Variable, at: Timestamp) => WriteStatement[];

const columns = sql.join(variables.names.map((name) => sql.ref(name)));

/** The row that is replaced is read before it is. */
const keepShape: WriteShape = {
  name: 'keep build_variables',
  columns: [
    { name: '$at', kind: 'time' },
    { name: 'build_id', kind: 'text' },
    { name: 'id', kind: 'text' },
  ],
  build: 1,
  decides: false,
  many: (source, decided) => sql`insert into build_variable_history (${columns}, replaced_at)
    select ${sql.join(variables.names.map((name) => sql.ref(`replaced.${name}`)))}, ${input('$at')}
    from ${source} join build_variables as replaced
      on replaced.build_id = ${input('build_id')} and replaced.id = ${input('id')}
    where ${decided}`,
};

/** Adds or replaces variables, and keeps the row that is replaced. */
export function variableWriter(dialect: SqlDialect): WriteVariable {
  const upsert = upserter(dialect, variables, ['id', 'build_id']);
  const keep = prepared<{ id: string; buildId: string; at: string }>(
    dialect,
    (value) => sql`insert into build_variable_history (${columns}, replaced_at)
      select ${columns}, ${value('at')} from build_variables
      where build_id = ${value('buildId')} and id = ${value('id')}`,
  );
  return (variable, at) => [
    { ...keep({ id: variable.id, buildId: variable.buildId, at }), shape: keepShape },
    upsert(variable),
  ];
}
