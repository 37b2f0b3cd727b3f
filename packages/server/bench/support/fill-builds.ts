import { execFile } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { PostgresAccess } from '@buildstate/tooling/postgres';

const run = promisify(execFile);

/** Where the rows of a store are written without the store: that would take hours for a million builds. */
export interface BulkWriter {
  /** The names of a table's columns, without the ones that the database fills in. */
  columns(table: string): Promise<readonly string[]>;
  /** Runs a statement. */
  run(sql: string): Promise<void>;
  /** A whole number as hexadecimal digits of this width. */
  hex(number: string, width: number): string;
  /** Milliseconds since the epoch as a time. */
  time(milliseconds: string): string;
  /** A query with the numbers from one to the other in a column `n`. */
  numbers(from: number, to: number): string;
  /** What a new database would do by itself after a while. */
  settle(): Promise<void>;
  close(): void;
}

/** Writes to a SQLite database. */
export function sqliteWriter(file: string): BulkWriter {
  const database = new DatabaseSync(file);
  database.exec('pragma synchronous = off; pragma cache_size = -262144; pragma foreign_keys = off');
  return {
    columns: async (table) =>
      database
        .prepare(`select name from pragma_table_info('${table}') where name <> 'position'`)
        .all()
        .map(({ name }) => String(name)),
    run: async (sql) => database.exec(sql),
    hex: (number, width) => `printf('%0${width}x', ${number})`,
    time: (milliseconds) => `strftime('%Y-%m-%dT%H:%M:%fZ', (${milliseconds}) / 1000.0, 'unixepoch')`,
    numbers: (from, to) =>
      `with recursive numbers (n) as (select ${from} union all select n + 1 from numbers where n < ${to}) select n from numbers`,
    settle: async () => database.exec('pragma wal_checkpoint(truncate)'),
    close: () => database.close(),
  };
}

/** Writes to a database of a PostgreSQL server. */
export function postgresWriter(server: PostgresAccess, name: string): BulkWriter {
  const env = { ...process.env, PGPASSWORD: server.password };
  const at = ['-h', server.host, '-p', String(server.port), '-U', server.user, '-d', name];
  const psql = (sql: string) => run('psql', [...at, '-qAt', '-v', 'ON_ERROR_STOP=1', '-c', sql], { env });
  return {
    async columns(table) {
      const { stdout } = await psql(
        `select column_name from information_schema.columns where table_name = '${table}' and column_name <> 'position'`,
      );
      return stdout.trim().split('\n');
    },
    run: async (sql) => void (await psql(sql)),
    hex: (number, width) => `lpad(to_hex((${number})::bigint), ${width}, '0')`,
    time: (milliseconds) => `to_timestamp((${milliseconds}) / 1000.0)`,
    numbers: (from, to) => `select n from generate_series(${from}::bigint, ${to}::bigint) as n`,
    settle: async () => void (await psql('vacuum analyze')),
    close: () => {},
  };
}

const perStatement = 50_000;
/** The first of the new builds is as old as this; each is a second younger than the one before. */
const oldest = Date.parse('2026-01-01T00:00:00.000Z');

/**
 * Copies one build with its history, of one attempt, many times under new ids and numbers.
 * @param template id of the build
 * @returns the ids of some of the copies, spread over all of them
 */
export async function copyBuild(writer: BulkWriter, template: string, count: number): Promise<string[]> {
  const made = `${oldest} + n * 1000`;
  const uuid = (variant: string) => {
    const digits = writer.hex(made, 12);
    return `substr(${digits}, 1, 8) || '-' || substr(${digits}, 9, 4) || '-7000-${variant}000-' || ${writer.hex('n', 12)}`;
  };
  const [build, attempt] = [uuid('8'), uuid('9')];
  const at = writer.time(made);
  const replaced: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    builds: { id: build, build_number: writer.hex('n', 8), created_at: at },
    build_states: { id: attempt, build_id: build, event_id: attempt, created_at: at },
    build_state_records: { build_id: build, last_attempt_id: attempt, completed_attempt_id: attempt },
    build_events: { build_id: build },
  };
  for (const [table, values] of Object.entries(replaced)) {
    const columns = await writer.columns(table);
    const own = table === 'builds' ? 'id' : 'build_id';
    const selected = columns.map((column) => values[column] ?? `template.${column}`).join(', ');
    for (let from = 1; from <= count; from += perStatement) {
      const to = Math.min(count, from + perStatement - 1);
      await writer.run(
        `insert into ${table} (${columns.join(', ')}) select ${selected}
         from (${writer.numbers(from, to)}) as numbers, ${table} as template where template.${own} = '${template}'`,
      );
    }
  }
  await writer.settle();
  return Array.from({ length: 1000 }, (_, index) => idOf(1 + Math.floor((index * count) / 1000)));
}

function idOf(n: number): string {
  const digits = (oldest + n * 1000).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
}
