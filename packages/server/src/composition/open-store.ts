import { ConfigurationError, type Logger, type StateStore } from '@buildstate/core';

/**
 * The store that a URI names, not opened yet. Drivers are loaded when they are needed.
 * @throws ConfigurationError for a scheme that has no driver
 */
export async function storeFor(uri: string, logger: Logger): Promise<StateStore> {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(uri)?.[0].toLowerCase();
  if (scheme === 'sqlite:') {
    const { openSqlite } = await import('@buildstate/state-stores/sqlite');
    return openSqlite(uri, { logger });
  }
  if (scheme === 'memory:') {
    const { createMemoryStore } = await import('@buildstate/state-stores/memory');
    return createMemoryStore();
  }
  throw new ConfigurationError(
    `A server cannot keep builds in ${scheme ?? uri}. Use sqlite:///path/name.db, or memory: for trying things out.`,
  );
}
