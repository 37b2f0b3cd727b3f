import type { StoreCapabilities } from '@buildstate/core';
import { SqlStore } from '../sql/sql-store.ts';
import { connectPostgres } from './connect-postgres.ts';
import type { ResolvedPostgresOptions } from './options.ts';
import { postgresDialect } from './postgres-dialect.ts';
import type { PostgresPlace } from './postgres-place.ts';
import { renewTransactions } from './renew-transactions.ts';

const capabilities: StoreCapabilities = {
  shared: true,
  durable: true,
  sql: true,
  globalStream: true,
  guardsRecentHeads: true,
  push: true,
};

/** A store in one schema of a database, which any number of processes on any number of machines may share. */
export function postgresStore(place: PostgresPlace, options: ResolvedPostgresOptions): SqlStore {
  return new SqlStore({
    kind: 'postgres',
    uri: place.shown,
    capabilities,
    dialect: postgresDialect,
    connect: () => connectPostgres(place, options),
    prepare: renewTransactions,
  });
}
