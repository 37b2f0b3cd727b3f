import { ConfigurationError } from '@buildstate/core/light';
import { Connections, lonelyClient } from './connections.ts';
import type { ResolvedPostgresOptions } from './options.ts';
import { letterCollation } from './postgres-dialect.ts';
import { storeErrorOf } from './postgres-errors.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { PostgresSession } from './postgres-session.ts';

/** The oldest major version whose features are used. */
const oldest = 14;

const facts = {
  sql: `select current_setting('server_encoding') as encoding,
    current_setting('server_version_num')::int / 10000 as version,
    exists (select 1 from pg_catalog.pg_collation where collname = $1) as letters`,
  parameters: [letterCollation],
};

async function check(connections: Connections, { shown }: PostgresPlace): Promise<void> {
  const [row] = await connections.use(async (connection) => (await connection.run(facts)).rows);
  const { encoding, version, letters } = row ?? {};
  if (Number(version) < oldest) {
    throw new ConfigurationError(`${shown} is PostgreSQL ${version}; BuildState needs ${oldest} or newer.`);
  }
  if (encoding !== 'UTF8') {
    throw new ConfigurationError(
      `${shown} keeps texts as ${encoding}. Make a database with: createdb --encoding=UTF8 --template=template0 NAME`,
    );
  }
  if (letters !== true) {
    throw new ConfigurationError(`${shown} has no collation ${letterCollation}: it was built without ICU.`);
  }
}

/** One for each statement of heads or changes that may be under way. */
const transitionConnections = 4;

/**
 * Statements of transitions find all rows by keys and are the same all the time: they are planned once, and never by
 * what tables looked like when they were empty.
 */
const transitionSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};

/**
 * Opens a database.
 * @throws ConfigurationError when it does not let us in or cannot be used; UnavailableError when it is not reached
 */
export async function connectPostgres(
  place: PostgresPlace,
  options: ResolvedPostgresOptions,
): Promise<PostgresSession> {
  const others = new Connections(place, options, { most: options.mostConnections - transitionConnections });
  try {
    await check(others, place);
  } catch (error) {
    await others.close();
    throw storeErrorOf(error, place.shown);
  }
  const traits = { most: transitionConnections, settings: transitionSettings };
  const connections = {
    transitions: new Connections(place, options, traits),
    others,
    lonelyClient: () => lonelyClient(place, options),
  };
  return new PostgresSession(connections, place, options.logger);
}
