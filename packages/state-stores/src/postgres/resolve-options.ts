import { ConfigurationError, silentLogger } from '@buildstate/core/light';
import type { PostgresOptions, ResolvedPostgresOptions } from './options.ts';

const defaults: ResolvedPostgresOptions = {
  mostConnections: 10,
  connectTimeoutMilliseconds: 10_000,
  statementTimeoutMilliseconds: 30_000,
  idleTimeoutMilliseconds: 60_000,
  logger: silentLogger,
};

/** Four are for transitions, and one is needed besides for everything else. */
const smallest = {
  mostConnections: 5,
  connectTimeoutMilliseconds: 1,
  statementTimeoutMilliseconds: 1,
  idleTimeoutMilliseconds: 0,
} as const;

/**
 * Options with defaults for what is missing.
 * @throws ConfigurationError naming the option that is out of range
 */
export function resolveOptions(options: PostgresOptions): ResolvedPostgresOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved: ResolvedPostgresOptions = { ...defaults, ...Object.fromEntries(given) };
  for (const [name, least] of Object.entries(smallest)) {
    const value = resolved[name as keyof typeof smallest];
    if (!Number.isInteger(value) || value < least) {
      throw new ConfigurationError(
        `${name} of a PostgreSQL store must be a whole number of at least ${least}.`,
      );
    }
  }
  return resolved;
}
