import { type RawBuilder, sql } from 'kysely';
import type { ColumnKind } from './record-table.ts';

/** A value that a statement takes. */
export interface ShapeColumn {
  /** The name of the table's column, or one that begins with `$` for what is only compared. */
  readonly name: string;
  /** What it holds. */
  readonly kind: ColumnKind;
}

/**
 * What all statements of one kind do, for sessions that put many of them into one: those of many changes of builds at
 * once. The parameters of such a statement are the values of `columns`, in this order.
 */
export interface WriteShape {
  /** Tells shapes apart; writers of the same statement have shapes of the same name. */
  readonly name: string;
  /** The values that a statement takes. */
  readonly columns: readonly ShapeColumn[];
  /** Which of them is the build's id, by its place. */
  readonly build: number;
  /** Whether it writes the row of the build, on which everything else of a change depends. */
  readonly decides: boolean;
  /**
   * The same for many rows at once. A statement that decides returns the ids of builds that it wrote.
   * @param source what to select from: a list that is read in its order, whose rows are called `input`
   * @param decided whether the build of an `input` row was written
   */
  many(source: RawBuilder<unknown>, decided: RawBuilder<unknown>): RawBuilder<unknown>;
}

/** A value of the row that is written. */
export function input(name: string): RawBuilder<unknown> {
  return sql.ref(`input.${name}`);
}

/** Where among some values one of them is. */
export function placeOf(columns: readonly ShapeColumn[], name: string): number {
  return columns.findIndex((column) => column.name === name);
}

/** Some names, with commas in between. */
export function joined(items: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return sql.join([...items]);
}

/**
 * The shape of statements that add rows.
 * @param suffix what follows the values
 */
export function insertShape(
  table: string,
  columns: readonly ShapeColumn[],
  suffix: RawBuilder<unknown>,
  name: string,
): WriteShape {
  const names = columns.map((column) => column.name);
  const decides = table === 'builds';
  return {
    name,
    columns,
    build: placeOf(columns, decides ? 'id' : 'build_id'),
    decides,
    many(source, decided) {
      const into = sql`insert into ${sql.table(table)} (${joined(names.map((column) => sql.ref(column)))})`;
      const values = sql`select ${joined(names.map(input))} from ${source}`;
      // A build whose id or number is taken is not written, which is an answer.
      if (decides) return sql`${into} ${values} on conflict do nothing returning id`;
      return sql`${into} ${values} where ${decided} ${suffix}`;
    },
  };
}

/** Which row a statement changes. */
export interface RowKey {
  /** The columns that find the row. */
  readonly found: readonly ShapeColumn[];
  /** Columns that have to be the same besides, but that no row should be looked up by. */
  readonly checked: readonly ShapeColumn[];
}

/**
 * The shape of statements that change a row of a build that is there.
 * @param changed the columns that are written
 */
export function updateShape(
  table: string,
  changed: readonly ShapeColumn[],
  { found, checked }: RowKey,
  name: string,
): WriteShape {
  const same = (column: ShapeColumn) => sql`${sql.ref(`${table}.${column.name}`)} = ${input(column.name)}`;
  const conditions = [...found.map(same), ...checked.map((column) => sql`(${same(column)}) is true`)];
  const set = changed.map((column) => sql`${sql.ref(column.name)} = ${input(column.name)}`);
  const columns = [...changed, ...found, ...checked];
  return {
    name,
    columns,
    build: placeOf(columns, 'build_id'),
    decides: false,
    many: (source, decided) =>
      sql`update ${sql.table(table)} set ${joined(set)} from ${source}
        where ${sql.join(conditions, sql` and `)} and ${decided}`,
  };
}
