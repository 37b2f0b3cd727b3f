import { Connections } from '../postgres/connections.ts';
import { storeErrorOf } from '../postgres/postgres-errors.ts';
import { postgresPlace } from '../postgres/postgres-place.ts';
import { resolveOptions } from '../postgres/resolve-options.ts';
import type { Statement } from '../sql/dialect.ts';
import type { RawRecord } from './fields.ts';
import type { TableSource } from './tables.ts';

/** Rows that are fetched at once. */
const batch = 500;

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What is done in the one transaction that a source reads in. */
type Run = (statement: Statement) => Promise<readonly RawRecord[]>;

function sourceOver(run: Run, name: string, end: () => Promise<void>): TableSource {
  const all = (sql: string, parameters: readonly unknown[] = []) => run({ sql, parameters });
  /** The driver gives JSON as text, for columns of the store's own; here it is what it says. */
  async function parser(table: string): Promise<(row: RawRecord) => RawRecord> {
    const found = await all(
      `select column_name from information_schema.columns where table_schema = current_schema()
        and table_name = $1 and data_type in ('json', 'jsonb')`,
      [table],
    );
    const names = new Set(found.map(({ column_name: column }) => String(column)));
    const value = (name: string, cell: unknown) =>
      names.has(name) && typeof cell === 'string' ? (JSON.parse(cell) as unknown) : cell;
    return (row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, value(name, cell)]));
  }
  const parsers = new Map<string, ReturnType<typeof parser>>();
  const parserOf = (table: string) => {
    const known = parsers.get(table) ?? parser(table);
    parsers.set(table, known);
    return known;
  };
  return {
    name,
    async columns(table) {
      const rows = await all(
        `select column_name from information_schema.columns
          where table_schema = current_schema() and table_name = $1 order by ordinal_position`,
        [table],
      );
      return rows.map(({ column_name: column }) => String(column));
    },
    async *rows(table) {
      const parsed = await parserOf(table);
      await all(`declare legacy_rows cursor for select * from ${quoted(table)}`);
      for (;;) {
        const rows = await all(`fetch ${batch} from legacy_rows`);
        yield* rows.map(parsed);
        if (rows.length < batch) break;
      }
      await all('close legacy_rows');
    },
    async rowsWhere(table, column, value) {
      // As texts, so that an id may be of another type in one table than in the other.
      const sql = `select * from ${quoted(table)} where ${quoted(column)}::text = $1 order by ctid`;
      const rows = await all(sql, [String(value)]);
      return rows.length === 0 ? [] : rows.map(await parserOf(table));
    },
    close: end,
  };
}

/**
 * Opens a PostgreSQL database of another program, to be read as it is at this moment, in a transaction that cannot
 * write.
 * @throws ConfigurationError when it does not let us in; UnavailableError when it is not reached
 */
export async function postgresSource(url: string): Promise<TableSource> {
  const place = postgresPlace(url);
  const connections = new Connections(place, resolveOptions({}), { most: 1 });
  const ended = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<Run>();
  const holding = connections
    .use(async (connection) => {
      await connection.run({
        sql: 'begin transaction isolation level repeatable read read only',
        parameters: [],
      });
      opened.resolve(async (statement) => (await connection.run(statement)).rows);
      await ended.promise;
      await connection.run({ sql: 'rollback', parameters: [] });
    })
    .catch((error: unknown) => opened.reject(error));
  const end = async () => {
    ended.resolve();
    await holding;
    await connections.close();
  };
  try {
    const run = await opened.promise;
    const told: Run = async (statement) => {
      try {
        return await run(statement);
      } catch (error) {
        throw storeErrorOf(error, place.shown);
      }
    };
    return sourceOver(told, place.shown, end);
  } catch (error) {
    await end();
    throw storeErrorOf(error, place.shown);
  }
}
