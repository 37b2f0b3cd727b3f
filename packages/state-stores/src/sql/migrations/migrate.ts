import { ConfigurationError } from '@buildstate/core/light';
import { sql } from 'kysely';
import type { RunStatement, SqlDialect, SqlSession } from '../dialect.ts';
import { statementOf } from '../prepared.ts';
import type { Migration, Schedule } from './migration.ts';

/** The table that says which versions a database's schemas have. */
export const schemaTable = 'buildstate_schema';
const table = schemaTable;

/** The version of a schema; 0 where nothing is yet. */
async function versionOf(run: RunStatement, dialect: SqlDialect, schema: string): Promise<number> {
  const present = await run(statementOf(dialect, dialect.tablesNamed([table])));
  if (present.length === 0) return 0;
  const query = sql`select max(version) as version from ${sql.table(table)} where name = ${schema}`;
  const [row] = await run(statementOf(dialect, query));
  return Number(row?.version ?? 0);
}

function refuseNewer(version: number, known: number, place: string): void {
  if (version <= known) return;
  throw new ConfigurationError(
    `${place} was written by a newer BuildState (schema ${version}), this one knows up to ${known}; upgrade.`,
    { context: { schema_version: version, known_version: known } },
  );
}

/** The tables and views that migrations make. */
function namesOf(migrations: readonly Migration[], { ddl }: SqlDialect): string[] {
  const texts = migrations.flatMap((migration) => migration.statements(ddl));
  return texts.flatMap((text) => /^\s*CREATE (?:TABLE|VIEW) (\w+)/.exec(text)?.[1] ?? []);
}

/** Before anything is made: tables of the same names that are not ours must not be touched. */
async function refuseTaken(
  run: RunStatement,
  dialect: SqlDialect,
  migrations: readonly Migration[],
  place: string,
): Promise<void> {
  const rows = await run(statementOf(dialect, dialect.tablesNamed(namesOf(migrations, dialect))));
  if (rows.length === 0) return;
  const taken = rows.map(({ name }) => String(name)).sort();
  throw new ConfigurationError(
    `${place} has tables of another program: ${taken.join(', ')}. Add ?schema=buildstate to the URL to put ` +
      "BuildState's tables beside them; `bldst store import` can take over what they hold.",
    { context: { tables: taken } },
  );
}

async function apply(
  run: RunStatement,
  dialect: SqlDialect,
  schema: string,
  migration: Migration,
): Promise<void> {
  for (const text of migration.statements(dialect.ddl)) await run({ sql: text, parameters: [] });
  const { version, name } = migration;
  const query = sql`insert into ${sql.table(table)} (name, version, step, applied_at)
    values (${schema}, ${version}, ${name}, ${dialect.nowTime})`;
  await run(statementOf(dialect, query));
}

function createTable({ ddl }: SqlDialect): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
    name ${ddl.text} NOT NULL,
    version ${ddl.integer} NOT NULL,
    step ${ddl.text} NOT NULL,
    applied_at ${ddl.time} NOT NULL,
    PRIMARY KEY (name, version)
  ) ${ddl.tableOptions}`;
}

/**
 * Brings a database to the newest version of a schema. Any number of processes may do so at once: each looks again
 * and acts under a lock that ends with its transaction. A database that is up to date is only read.
 * @param place the database, for the error's message
 * @throws ConfigurationError when a newer BuildState has written it, or when it has tables of the same names that are
 * not ours; nothing is touched then
 */
export async function migrate(
  session: SqlSession,
  dialect: SqlDialect,
  { schema, migrations }: Schedule,
  place: string,
): Promise<void> {
  const known = migrations.length;
  const seen = await versionOf(
    async (statement) => (await session.read([statement]))[0] ?? [],
    dialect,
    schema,
  );
  refuseNewer(seen, known, place);
  if (seen === known) return;
  await session.exclusively(async (run) => {
    const version = await versionOf(run, dialect, schema);
    refuseNewer(version, known, place);
    if (version === 0) await refuseTaken(run, dialect, migrations, place);
    await run({ sql: createTable(dialect), parameters: [] });
    for (const migration of migrations.slice(version)) await apply(run, dialect, schema, migration);
  });
}
