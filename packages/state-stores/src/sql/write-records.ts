import { type RawBuilder, sql } from 'kysely';
import type { SqlDialect, WriteStatement } from './dialect.ts';
import { cellsOf, type RecordTable } from './record-table.ts';
import { insertShape } from './write-shape.ts';

/** Writes one record. */
export type WriteRecord<R> = (record: R) => WriteStatement;

const names = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((name) => sql.ref(name)));

/** A statement whose only parameters are a record's cells, in the order of the table's columns. */
function writer<R>(
  dialect: SqlDialect,
  table: RecordTable<R>,
  action: 'insert' | 'upsert',
  suffix: RawBuilder<unknown>,
): WriteRecord<R> {
  const shape = insertShape(table.name, table.columns, suffix, `${action} ${table.name}`);
  let text: string | undefined;
  return (record) => {
    const cells = cellsOf(table, record, dialect);
    text ??=
      sql`insert into ${sql.table(table.name)} (${names(table.names)}) values (${sql.join(cells)}) ${suffix}`.compile(
        dialect.builder,
      ).sql;
    return { sql: text, parameters: cells, shape };
  };
}

/** Adds records; a record whose key is taken is an error of uniqueness. */
export function inserter<R>(dialect: SqlDialect, table: RecordTable<R>): WriteRecord<R> {
  return writer(dialect, table, 'insert', sql``);
}

/**
 * Adds records, or replaces those with the same key.
 * @param condition what must hold for the replacement, for example that it is newer. @default always
 */
export function upserter<R>(
  dialect: SqlDialect,
  table: RecordTable<R>,
  key: readonly (string & RecordTable<R>['names'][number])[],
  condition: RawBuilder<unknown> = sql``,
): WriteRecord<R> {
  const replaced = table.names.filter((name) => !key.includes(name));
  const assignments = replaced.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`);
  return writer(
    dialect,
    table,
    'upsert',
    sql`on conflict (${names(key)}) do update set ${sql.join(assignments)} ${condition}`,
  );
}
