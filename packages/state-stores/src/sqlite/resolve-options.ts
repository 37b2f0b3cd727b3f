import { ConfigurationError, silentLogger } from '@buildstate/core/light';
import { isNetworkFileSystem } from '@buildstate/node-runtime';
import type { ResolvedSqliteOptions, SqliteOptions } from './options.ts';

const defaults: ResolvedSqliteOptions = {
  busyTimeoutMilliseconds: 10_000,
  checkpointPages: 8_000,
  openBuilds: 64,
  isNetworkFileSystem: (path) => isNetworkFileSystem(path),
  logger: silentLogger,
};

const smallest = { busyTimeoutMilliseconds: 0, checkpointPages: 1, openBuilds: 1 } as const;

/**
 * Options with defaults for what is missing.
 * @throws ConfigurationError naming the option that is out of range
 */
export function resolveOptions(options: SqliteOptions): ResolvedSqliteOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved: ResolvedSqliteOptions = { ...defaults, ...Object.fromEntries(given) };
  for (const [name, least] of Object.entries(smallest)) {
    const value = resolved[name as keyof typeof smallest];
    if (!Number.isInteger(value) || value < least) {
      throw new ConfigurationError(`${name} of a SQLite store must be a whole number of at least ${least}.`);
    }
  }
  return resolved;
}
