import { type Expression, type SqlBool, sql } from 'kysely';

/** Whether a column has one of some values. Of none, too: not every database takes an empty list. */
export function isOneOf(column: string, values: readonly (string | number)[]): Expression<SqlBool> {
  return values.length === 0
    ? sql<SqlBool>`1 = 0`
    : sql<SqlBool>`${sql.ref(column)} in (${sql.join(values)})`;
}
