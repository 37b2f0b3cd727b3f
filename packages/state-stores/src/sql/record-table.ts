import { fromWire, toWire } from '@buildstate/core/light';

/**
 * What a column holds; a dialect says how each kind is stored. `json` is the user's own and kept as it is,
 * `structure` is JSON of ours, whose member names are snake case in the database.
 */
export type ColumnKind = 'text' | 'time' | 'integer' | 'real' | 'flag' | 'json' | 'structure';

/** The kinds of column that can hold a field. */
type KindOf<T> = [NonNullable<T>] extends [boolean]
  ? 'flag'
  : [NonNullable<T>] extends [number]
    ? 'integer' | 'real'
    : [NonNullable<T>] extends [string]
      ? 'text' | 'time'
      : 'json' | 'structure';

/** A field name in snake case. */
type SnakeCase<S extends string> = S extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : S;

/** A value in the form that only the dialect knows. */
export interface Encoded<T> {
  /** Never there: it only tells the compiler what was encoded. */
  readonly encoded: T;
}

/** A cell as queries see it. How flags and JSON look in there is the dialect's business. */
type Cell<T> = [KindOf<T>] extends ['integer' | 'real' | 'text' | 'time'] ? T : Encoded<T> | Extract<T, null>;

/** The row of a record: its fields in snake case. */
export type RowOf<R> = { readonly [K in keyof R & string as SnakeCase<K>]: Cell<R[K]> };

/** A row as a driver returns it. */
export type ResultRow = Readonly<Record<string, unknown>>;

/** How a dialect stores the kinds of column. Never called for `null`. */
export interface CellCodec {
  /** From a field's value to what the driver binds. */
  encode(kind: ColumnKind, value: unknown): unknown;
  /** From what the driver returns to a field's value. */
  decode(kind: ColumnKind, cell: unknown): unknown;
}

/** One column of a record's table. */
export interface Column<R> {
  /** The column's name. */
  readonly name: keyof RowOf<R> & string;
  /** The field's name. */
  readonly field: keyof R & string;
  /** What it holds. */
  readonly kind: ColumnKind;
}

/** Which table keeps a kind of record, and in which columns. */
export interface RecordTable<R> {
  /** The table's name. */
  readonly name: string;
  /** In the order of the declaration. */
  readonly columns: readonly Column<R>[];
  /** Their names. */
  readonly names: readonly (keyof RowOf<R> & string)[];
  /** A record whose fields are all null. */
  readonly blank: Readonly<Record<keyof R & string, null>>;
}

/** A table with these columns. */
export function tableOf<R>(name: string, columns: readonly Column<R>[]): RecordTable<R> {
  // Made by the parser rather than field by field: V8 makes a table of hashes of an object that grows to so many fields,
  // and every copy of such an object, or of a copy of it, takes hundreds of times as long.
  const blank = JSON.parse(JSON.stringify(Object.fromEntries(columns.map(({ field }) => [field, null]))));
  return { name, columns, names: columns.map((column) => column.name), blank };
}

/** Declares where records are kept. The compiler checks that no field is missing and that each kind fits. */
export function recordTable<R>(
  name: string,
  kinds: { readonly [K in keyof R & string]-?: KindOf<R[K]> },
): RecordTable<R> {
  const columns = (Object.keys(kinds) as (keyof R & string)[]).map((field): Column<R> => {
    const column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return { name: column as keyof RowOf<R> & string, field, kind: kinds[field] };
  });
  return tableOf(name, columns);
}

function encodeCell(codec: CellCodec, kind: ColumnKind, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  return codec.encode(kind, kind === 'structure' ? toWire(value) : value);
}

function decodeCell(codec: CellCodec, kind: ColumnKind, cell: unknown): unknown {
  if (cell === null || cell === undefined) return null;
  const value = codec.decode(kind, cell);
  return kind === 'structure' ? fromWire(value) : value;
}

/** The cells of a record for some columns, in their order. */
export function cellsOf<R>(columns: readonly Column<R>[], record: R, codec: CellCodec): unknown[] {
  const cells: unknown[] = [];
  for (const { field, kind } of columns) cells.push(encodeCell(codec, kind, record[field]));
  return cells;
}

/** The record of a row. */
export function recordOf<R>(table: RecordTable<R>, row: ResultRow, codec: CellCodec): R {
  const record: Record<keyof R & string, unknown> = { ...table.blank };
  for (const { name, field, kind } of table.columns) record[field] = decodeCell(codec, kind, row[name]);
  return record as R;
}

/** A flag as a query compares it. */
export function flagCell(codec: CellCodec, value: boolean): Encoded<boolean> {
  return codec.encode('flag', value) as Encoded<boolean>;
}
