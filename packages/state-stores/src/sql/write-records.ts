import { type RawBuilder, sql } from 'kysely';
import type { SqlDialect, WriteStatement } from './dialect.ts';
import { type Column, cellsOf, type RecordTable } from './record-table.ts';
import { insertShape, updateShape } from './write-shape.ts';

/** Writes one record. */
export type WriteRecord<R> = (record: R) => WriteStatement;

const names = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((name) => sql.ref(name)));

/** What tells the writers of a table, and of parts of its columns, apart. */
const shapeName = (action: string, { name, columns }: Pick<RecordTable<never>, 'name' | 'columns'>): string =>
  `${action} ${name} ${columns.length}`;

/** A statement whose only parameters are a record's cells, in the order of the table's columns. */
function writer<R>(
  dialect: SqlDialect,
  table: RecordTable<R>,
  action: 'insert' | 'upsert',
  suffix: RawBuilder<unknown>,
): WriteRecord<R> {
  const shape = insertShape(table.name, table.columns, suffix, shapeName(action, table));
  let text: string | undefined;
  return (record) => {
    const cells = cellsOf(table.columns, record, dialect);
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

/** Which columns of a row are what when it is changed. */
export interface ColumnParts<R> {
  /** The columns that find the row. */
  readonly found: readonly (string & RecordTable<R>['names'][number])[];
  /** Columns that have to be the same besides; rows are not looked up by them. @default none */
  readonly checked?: readonly (string & RecordTable<R>['names'][number])[];
  /** Columns that are left as they are. @default none */
  readonly fixed?: readonly string[];
}

/** Changes records of builds that are there. */
export function updater<R>(
  dialect: SqlDialect,
  table: RecordTable<R>,
  { found, checked = [], fixed = [] }: ColumnParts<R>,
): WriteRecord<R> {
  const among = (some: readonly string[]) => table.columns.filter(({ name }) => some.includes(name));
  const changed = table.columns.filter(({ name }) => ![...found, ...checked, ...fixed].includes(name));
  const rowKey = { found: among(found), checked: among(checked) };
  const shape = updateShape(table.name, changed, rowKey, shapeName('update', table));
  const keyColumns = [...rowKey.found, ...rowKey.checked];
  const used = [...changed, ...keyColumns];
  let text: string | undefined;
  return (record) => {
    const cells = cellsOf(used, record, dialect);
    const equal = (column: Column<R>) => sql`${sql.ref(column.name)} = ${cells[used.indexOf(column)]}`;
    text ??= sql`update ${sql.table(table.name)} set ${sql.join(changed.map(equal))}
      where ${sql.join(keyColumns.map(equal), sql` and `)}`.compile(dialect.builder).sql;
    return { sql: text, parameters: cells, shape };
  };
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
