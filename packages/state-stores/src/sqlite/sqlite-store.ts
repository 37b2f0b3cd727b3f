import type { StoreCapabilities } from '@buildstate/core';
import { SqlStore } from '../sql/sql-store.ts';
import { connectSqlite } from './connect-sqlite.ts';
import { ensureDatabaseFile, refuseNetworkFileSystem } from './database-file.ts';
import type { ResolvedSqliteOptions } from './options.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { storeErrorOf } from './sqlite-errors.ts';

const memoryCapabilities: StoreCapabilities = {
  shared: false,
  durable: false,
  sql: true,
  globalStream: true,
  guardsRecentHeads: true,
};
const fileCapabilities: StoreCapabilities = { ...memoryCapabilities, shared: true, durable: true };

/** A store that is gone when it is closed. */
export function memoryStore(uri: string, options: ResolvedSqliteOptions): SqlStore {
  const { busyTimeoutMilliseconds: patience, checkpointPages } = options;
  return new SqlStore({
    kind: 'sqlite',
    uri,
    capabilities: memoryCapabilities,
    dialect: sqliteDialect,
    connect: () => connectSqlite({ file: ':memory:', patience, checkpointPages }),
  });
}

/**
 * A store in one file.
 * @param path absolute; made when it is missing
 */
export function fileStore(uri: string, path: string, options: ResolvedSqliteOptions): SqlStore {
  const { busyTimeoutMilliseconds: patience, checkpointPages } = options;
  return new SqlStore({
    kind: 'sqlite',
    uri,
    capabilities: fileCapabilities,
    dialect: sqliteDialect,
    async connect() {
      try {
        refuseNetworkFileSystem(path, options.isNetworkFileSystem);
        await ensureDatabaseFile(path);
      } catch (error) {
        throw storeErrorOf(error, path);
      }
      return connectSqlite({ file: path, patience, checkpointPages });
    },
  });
}
