import { basename } from 'node:path';
import { ConfigurationError } from '@buildstate/core/light';
import Database from 'better-sqlite3';
import { storeErrorOf } from '../sqlite/sqlite-errors.ts';
import type { RawRecord } from './fields.ts';
import type { TableSource } from './tables.ts';

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function refuseOwn(database: Database.Database, path: string): void {
  const own = database.prepare("select 1 from sqlite_master where name = 'buildstate_schema'").get();
  if (own === undefined) return;
  throw new ConfigurationError(`${path} is a store of BuildState. Copy it with \`bldst store migrate\`.`);
}

/**
 * Opens a SQLite file of another program, to be read as it is at this moment.
 * @throws ConfigurationError when it is a store of BuildState; StoreError when it cannot be read
 */
export function sqliteSource(path: string): TableSource {
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true });
    try {
      refuseOwn(database, path);
      database.exec('BEGIN');
    } catch (error) {
      database.close();
      throw error;
    }
    return {
      name: basename(path),
      columns: async (table) =>
        (database.pragma(`table_info(${quoted(table)})`) as { readonly name: string }[]).map(
          ({ name }) => name,
        ),
      async *rows(table) {
        // All at once: the connection can do nothing else while it steps from row to row.
        const rows = database.prepare(`select * from ${quoted(table)}`).all();
        yield* rows as RawRecord[];
      },
      rowsWhere: async (table, column, value) =>
        database
          .prepare(`select * from ${quoted(table)} where ${quoted(column)} = ?`)
          .all(value) as RawRecord[],
      close: async () => {
        database.close();
      },
    };
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}
