import type { JsonObject } from '@buildstate/core';
import { ConfigurationError } from '@buildstate/core/light';
import { Fields, type RawRecord } from './fields.ts';
import type { LegacyBuild, LegacyEntry } from './legacy-build.ts';
import { buildOf, entryOf } from './read-record.ts';

/** Tables of another program, read at one moment and never written. */
export interface TableSource {
  /** The database, for messages; never with credentials. */
  readonly name: string;
  /** The columns of a table; none when there is no such table. */
  columns(table: string): Promise<readonly string[]>;
  /** All rows of a table. */
  rows(table: string): AsyncIterable<RawRecord>;
  /** The rows of a table that have a value in a column, in the order in which they were written. */
  rowsWhere(table: string, column: string, value: unknown): Promise<readonly RawRecord[]>;
  /** Frees it. */
  close(): Promise<void>;
}

const historyTables = ['state_history', 'build_states'] as const;
const metadataTable = 'state_metadata';

interface Related {
  readonly table: string;
  readonly column: string;
}

function columnNamed(columns: readonly string[], names: readonly string[]): string | undefined {
  return columns.find((column) => names.includes(column.toLowerCase()));
}

async function related(source: TableSource, table: string): Promise<Related | undefined> {
  const column = columnNamed(await source.columns(table), ['build_id', 'buildid', 'build']);
  return column === undefined ? undefined : { table, column };
}

/** Key and value of a row of `state_metadata`, and the state that it is about. */
function metadataOf(row: RawRecord, where: string, { column }: Related) {
  const fields = new Fields(row, where);
  fields.text(column);
  const state = fields.state('state', 'state_code');
  const key = fields.required('key', 'metadata_key', 'name');
  return { state, key, value: fields.text('value', 'metadata_value'), rest: fields.rest() };
}

/** Metadata goes to the last line of its state, or to the build. */
function withMetadata(
  entries: readonly LegacyEntry[],
  rows: readonly ReturnType<typeof metadataOf>[],
): { readonly history: readonly LegacyEntry[]; readonly rest: JsonObject } {
  const history = [...entries];
  const rest: Record<string, JsonObject[string]> = {};
  for (const { state, key, value } of rows) {
    const index = history.findLastIndex((entry) => state !== null && String(entry.state) === String(state));
    const entry = history[index];
    if (entry === undefined) rest[state === null ? key : `state ${state}: ${key}`] = value;
    else history[index] = { ...entry, rest: { ...entry.rest, [key]: value } };
  }
  return { history, rest };
}

/**
 * Builds out of the tables `builds`, `state_history` or `build_states`, and `state_metadata`. Names of columns vary;
 * what is not understood is kept with the build.
 * @throws ConfigurationError when the tables are not there; ValidationError that names the record and the field
 */
export async function* readTables(source: TableSource): AsyncGenerator<LegacyBuild> {
  const id = columnNamed(await source.columns('builds'), ['id', 'build_id', 'buildid']);
  const histories = await Promise.all(historyTables.map((table) => related(source, table)));
  const history = histories.find((found) => found !== undefined);
  if (id === undefined || history === undefined) {
    throw new ConfigurationError(
      `${source.name} has no tables that are understood: builds with an id, and state_history or build_states with a ` +
        'build_id are wanted.',
    );
  }
  const metadata = await related(source, metadataTable);
  let number = 0;
  for await (const row of source.rows('builds')) {
    number += 1;
    const where = `${source.name}, builds, record ${number} (${id} ${String(row[id])})`;
    const rows = await source.rowsWhere(history.table, history.column, row[id]);
    const entries = rows.map((entry, index) =>
      entryOf(withoutId(entry), `${where}, ${history.table}, record ${index + 1}`, [history.column]),
    );
    const extra =
      metadata === undefined
        ? []
        : (await source.rowsWhere(metadata.table, metadata.column, row[id])).map((entry, index) =>
            metadataOf(withoutId(entry), `${where}, ${metadata.table}, record ${index + 1}`, metadata),
          );
    const { history: full, rest } = withMetadata(entries, extra);
    const build = buildOf({ ...row, build_id: row[id] }, where, full);
    yield { ...build, rest: { ...build.rest, ...rest } };
  }
}

/** The number that a database gives to rows says nothing of a build. */
function withoutId({ id: _, ...row }: RawRecord): RawRecord {
  return row;
}
