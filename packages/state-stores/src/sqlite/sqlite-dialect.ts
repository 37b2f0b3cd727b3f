import {
  DummyDriver,
  type Expression,
  Kysely,
  type RawBuilder,
  type SqlBool,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import type { DdlTypes, SqlDialect } from '../sql/dialect.ts';
import type { ColumnKind } from '../sql/record-table.ts';
import type { Schema } from '../sql/schema.ts';

/** The name of the SQL function that lowers the case of all letters; the session defines it. */
export const lowerFunction = 'buildstate_lower';

const builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

const ddl: DdlTypes = {
  text: 'TEXT',
  time: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  flag: 'INTEGER',
  json: 'TEXT',
  position: 'INTEGER PRIMARY KEY',
  memberOf: (column, member) => `TEXT GENERATED ALWAYS AS (json_extract(${column}, '$.${member}')) VIRTUAL`,
  textIn: (column, member) => `json_extract(${column}, '$.${member}')`,
  eachMember: (json, alias) => `json_each(${json}) AS ${alias}`,
  eachText: (json, alias) => `json_each(${json}) AS ${alias}`,
  ofGuardedBuild: 'REFERENCES builds (id)',
  // Writers come one after the other, so that `position` grows in the order in which transactions end.
  streamOfEvents: [],
  tableOptions: 'STRICT',
  changingTableOptions: 'STRICT',
  clusteredTableOptions: 'STRICT, WITHOUT ROWID',
  changingClusteredTableOptions: 'STRICT, WITHOUT ROWID',
};

/** How `Timestamp` writes an instant. */
const iso = sql.lit('%Y-%m-%dT%H:%M:%fZ');

function encode(kind: ColumnKind, value: unknown): unknown {
  if (kind === 'flag') return value ? 1 : 0;
  return kind === 'json' || kind === 'structure' ? JSON.stringify(value) : value;
}

function decode(kind: ColumnKind, cell: unknown): unknown {
  if (kind === 'flag') return cell === 1;
  return kind === 'json' || kind === 'structure' ? JSON.parse(String(cell)) : cell;
}

function contains(column: string, text: string): Expression<SqlBool> {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  // LIKE ignores the case of ASCII letters by itself; calling back into JavaScript for every row is slower.
  const ascii = /^[\0-\x7f]*$/.test(pattern);
  const subject: RawBuilder<unknown> = ascii
    ? sql.ref(column)
    : sql`${sql.raw(lowerFunction)}(${sql.ref(column)})`;
  return sql<SqlBool>`${subject} like ${pattern} escape ${sql.lit('\\')}`;
}

/** SQLite: times as ISO 8601 texts, flags as 0 and 1, JSON as text. */
export const sqliteDialect: SqlDialect = {
  builder,
  ddl,
  encode,
  decode,
  contains,
  eventOrder: { columns: ['position'] },
  holdingRows: sql``,
  tablesNamed: (names) =>
    sql`select name from sqlite_master where type in ('table', 'view') and name in (${sql.join(names)})`,
  now: sql<number>`cast(round(unixepoch('now', 'subsec') * 1000) as integer)`,
  nowTime: sql<string>`strftime(${iso}, 'now')`,
  nowPlus: (secondsColumn) =>
    sql<string>`strftime(${iso}, 'now', format('%+.3f seconds', ${sql.ref(secondsColumn)}))`,
  size: sql<number>`(select page_count * page_size from pragma_page_count(), pragma_page_size())`,
  damage: [
    {
      query: sql`pragma integrity_check`,
      problem: ({ integrity_check: found }) =>
        found === 'ok' ? undefined : `the database: ${String(found)}`,
    },
    {
      query: sql`pragma foreign_key_check`,
      problem: ({ table, parent }) =>
        `the database: a row of ${String(table)} points to a row of ${String(parent)} that is not there`,
    },
  ],
};
