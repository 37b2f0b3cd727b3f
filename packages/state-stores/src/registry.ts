import type { Clock, Logger, StateStore } from '@buildstate/core';
import { ConfigurationError, nearestNames } from '@buildstate/core/light';

/** Options that every store understands; those that do not concern it are left alone. */
export interface StateStoreOptions {
  /** The time of stores that have none of their own. @default the machine's */
  readonly clock?: Clock;
  /** Hears of what a store mends or could not clean up. @default silent */
  readonly logger?: Logger;
}

interface Scheme {
  /** How such an address looks, for people. */
  readonly form: string;
  /** Loads the store's code and makes the store. */
  readonly connect: (uri: string, options: StateStoreOptions) => Promise<StateStore>;
}

/** Both names of PostgreSQL's URLs. */
const postgres: Scheme = {
  form: 'postgres://user:password@host/database',
  connect: async (uri, options) => (await import('./postgres/index.ts')).openPostgres(uri, options),
};

/** Every store by the scheme of its address. The code of a store is loaded when one is opened. */
const schemes: Readonly<Record<string, Scheme>> = {
  sqlite: {
    form: 'sqlite:///var/lib/builds',
    connect: async (uri, options) => (await import('./sqlite/index.ts')).openSqlite(uri, options),
  },
  postgres,
  postgresql: postgres,
  file: {
    form: 'file:///var/lib/builds',
    connect: async (uri, options) => (await import('./document/index.ts')).openFileStore(uri, options),
  },
  memory: {
    form: 'memory:',
    connect: async (_uri, options) => (await import('./memory/index.ts')).createMemoryStore(options),
  },
};

/** The schemes that `openStateStore` knows. */
export const stateStoreSchemes: readonly string[] = Object.keys(schemes);

/**
 * Opens the state store at an address; the scheme says which kind it is.
 * @param uri `postgres://host/database`, `sqlite:///folder`, `file:///folder`, `memory:`
 * @returns the store, ready to be used; the caller closes it
 * @throws ConfigurationError when the address is not understood or the place cannot be used
 * @throws UnavailableError when the place cannot be reached
 */
export async function openStateStore(uri: string, options: StateStoreOptions = {}): Promise<StateStore> {
  const name = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase();
  const scheme = name !== undefined && Object.hasOwn(schemes, name) ? schemes[name] : undefined;
  if (scheme === undefined) throw unknownScheme(uri, name);
  const store = await scheme.connect(uri, options);
  try {
    await store.open();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

function unknownScheme(uri: string, name: string | undefined): ConfigurationError {
  const shown = withoutCredentials(uri);
  const problem =
    name === undefined
      ? `"${shown}" names no kind of state store`
      : `No state store is called "${name}" (${shown})`;
  const [nearest] = name === undefined ? [] : nearestNames(name, stateStoreSchemes);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  const forms = new Set(Object.values(schemes).map(({ form }) => form));
  return new ConfigurationError(`${problem}.${hint} Known are ${[...forms].join(', ')}.`, {
    context: { scheme: name ?? null, known: stateStoreSchemes },
  });
}

/** Passwords stand between `//` and `@`, keys after `?`. */
function withoutCredentials(uri: string): string {
  return uri.replace(/\/\/[^/@]*@/, '//…@').replace(/\?.*$/, '?…');
}
