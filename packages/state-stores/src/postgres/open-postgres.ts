import type { StateStore } from '@buildstate/core';
import type { PostgresOptions } from './options.ts';
import { postgresPlace } from './postgres-place.ts';
import { postgresStore } from './postgres-store.ts';
import { resolveOptions } from './resolve-options.ts';

/**
 * The PostgreSQL store that a URL names, not opened yet: `postgres://user:password@host:5432/database`, with
 * `?schema=name` for another schema than `public` and `sslmode=verify-full` for encryption.
 * @throws ConfigurationError when the URL or an option cannot be used
 */
export function openPostgres(uri: string, options: PostgresOptions = {}): StateStore {
  return postgresStore(postgresPlace(uri), resolveOptions(options));
}
