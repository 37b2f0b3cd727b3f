import { anchorOf, markdownTable, paragraphs, type ReferencePage } from '@buildstate/tooling/reference';
import Database from 'better-sqlite3';
import { postgresDialect } from '../src/postgres/postgres-dialect.ts';
import type { DdlTypes } from '../src/sql/dialect.ts';
import { storeSchema } from '../src/sql/migrations/schedule.ts';
import { sqliteDialect } from '../src/sqlite/sqlite-dialect.ts';
import { tableMeanings } from './table-meanings.ts';

/** Column types by what they hold, which every dialect writes in its own way. */
const labels: DdlTypes = {
  ...sqliteDialect.ddl,
  text: 'text',
  time: 'time',
  integer: 'integer',
  real: 'number',
  flag: 'flag',
  json: 'json',
  position: 'INTEGER PRIMARY KEY',
  memberOf: (column, member) => `text GENERATED ALWAYS AS (json_extract(${column}, '$.${member}')) VIRTUAL`,
  // Without STRICT, SQLite takes every word for a type and repeats it when it is asked.
  tableOptions: '',
  changingTableOptions: '',
  clusteredTableOptions: '',
  changingClusteredTableOptions: '',
};

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: 0 | 1;
  readonly pk: number;
  readonly hidden: number;
}

/** A table or a view. */
interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly isView: boolean;
}

/** The tables that the migrations make, in a database that is gone afterwards. */
export function migratedTables(): Table[] {
  const database = new Database(':memory:');
  try {
    for (const { statements } of storeSchema.migrations) {
      for (const statement of statements(labels)) database.exec(statement);
    }
    const names = database
      .prepare<[], { name: string; type: string }>(
        "select name, type from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%' order by name",
      )
      .all();
    return names.map(({ name, type }) => ({
      name,
      isView: type === 'view',
      columns: database.prepare<[string], Column>('select * from pragma_table_xinfo(?)').all(name),
    }));
  } finally {
    database.close();
  }
}

function columnRow({ name, type, notnull, pk }: Column, { isView, columns }: Table): string[] {
  const alone = columns.filter((column) => column.pk > 0).length === 1;
  const position = type === 'INTEGER' && pk > 0 && alone;
  const facts = [pk > 0 && 'primary key', !isView && (notnull === 1 || pk > 0) && 'never null'];
  return [`\`${name}\``, position ? 'position' : type.toLowerCase(), facts.filter(Boolean).join(', ')];
}

function section(table: Table): string {
  const { name, columns, isView } = table;
  const rows = columns.map((column) => columnRow(column, table));
  return paragraphs(
    `## ${name}`,
    `${isView ? 'A view. ' : ''}${tableMeanings[name] ?? ''}`,
    markdownTable(['column', 'type', ''], rows),
  );
}

const intro = `SQLite and PostgreSQL have the same tables and columns, which are meant to be queried:

\`\`\`sql
SELECT artifact_storage_type, artifact_storage_path, artifact_size_bytes, artifact_checksum, artifact_metadata
FROM build_states WHERE build_id = '…' AND state = 25 AND artifact_storage_path IS NOT NULL
ORDER BY created_at DESC LIMIT 1;
\`\`\`

Write through BuildState alone: what it decides on and what it has on record would no longer agree. Later versions add
columns, and migrate a database when they open it; an older version refuses a newer database.`;

/** How a kind of column is written by a dialect. */
function written(kind: keyof DdlTypes, { [kind]: type }: DdlTypes): string {
  return `\`${String(type)}\``;
}

const kinds = [
  ['text', 'text', ''],
  ['time', 'time', 'UTC; in SQLite ISO 8601 with milliseconds'],
  ['integer', 'integer', ''],
  ['number', 'real', ''],
  ['flag', 'flag', 'yes or no; in SQLite 1 or 0'],
  ['json', 'json', ''],
  ['position', 'position', 'grows with every row'],
] as const;

/** Every table and column of the SQL stores, from the migrations. */
export function databasePage(): ReferencePage {
  const tables = migratedTables();
  return {
    name: 'database.md',
    title: 'Database',
    text: paragraphs(
      intro,
      markdownTable(
        ['type', 'SQLite', 'PostgreSQL', ''],
        kinds.map(([label, kind, meaning]) => [
          label,
          written(kind, sqliteDialect.ddl),
          written(kind, postgresDialect.ddl),
          meaning,
        ]),
      ),
      markdownTable(
        ['table', 'what it is'],
        tables.map(({ name }) => [`[${name}](#${anchorOf(name)})`, tableMeanings[name] ?? '']),
      ),
      ...tables.map(section),
    ),
  };
}
