import { ConfigurationError } from '@buildstate/core/light';
import { type TlsSettings, tlsOf } from './tls.ts';

/** Where a PostgreSQL store lives. What is left out, the driver takes from `PGHOST`, `PGUSER` and so on. */
export interface PostgresPlace {
  /** Host name, address, or folder of a Unix socket. */
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** The schema that has the tables. */
  readonly schema: string;
  /** How connections are encrypted; not at all when it is left out. */
  readonly tls?: TlsSettings;
  /** The place for people, without user and password. */
  readonly shown: string;
}

const defaultSchema = 'public';
const parameters: readonly string[] = ['schema', 'host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'];
const form =
  'Write postgres://user:password@host:5432/database, with ?schema=name and &sslmode=verify-full as needed.';

function refuse(shown: string, why: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError(`${shown} is not the URL of a PostgreSQL database: ${why}. ${form}`, {
    cause,
  });
}

/** Without what could be a password or a key. */
function withoutSecrets(uri: string): string {
  return uri.replace(/\/\/[^/]*@/, '//…@').replace(/[?#].*$/, '?…');
}

function parse(uri: string): URL {
  try {
    // Other schemes are parsed by other rules, under which a host name could hold anything.
    return new URL(uri.replace(/^postgres(ql)?:/, 'http:'));
  } catch {
    // The error that the parser throws holds the whole URL.
    throw refuse(withoutSecrets(uri), 'it cannot be read; write special characters of a password as %XX');
  }
}

function decoded(text: string, shown: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse(shown, 'it has a % that is not followed by two hexadecimal digits');
  }
}

function schemaOf(name: string, shown: string): string {
  // Others would have to be quoted by everybody who writes a query.
  if (/^[a-z_][a-z0-9_]{0,49}$/.test(name) && !name.startsWith('pg_')) return name;
  throw refuse(shown, `"${name}" is no name of a schema; use at most 50 small letters, digits and _`);
}

/**
 * Where a URL leads.
 * @throws ConfigurationError when it cannot be used; the message has no user and no password
 */
export function postgresPlace(uri: string): PostgresPlace {
  if (!/^postgres(ql)?:\/\//.test(uri))
    throw refuse(withoutSecrets(uri), 'it does not begin with postgres://');
  const local = /^postgres(ql)?:\/\/([^/?#]*@)?([/?#]|$)/.test(uri);
  // A URL must have a host; that of one without is the driver's business.
  const url = parse(local ? uri.replace(/^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)/, '$1local') : uri);
  const query = Object.fromEntries(url.searchParams);
  const host = query.host ?? (local ? undefined : url.hostname.replace(/^\[(.*)\]$/, '$1'));
  const schema = query.schema ?? defaultSchema;
  const database = url.pathname.slice(1);
  const port = url.port === '' ? '' : `:${url.port}`;
  const suffix = schema === defaultSchema ? '' : `?schema=${schema}`;
  const shown = `postgres://${local ? (query.host ?? '') : url.hostname}${port}/${database}${suffix}`;
  const unknown = Object.keys(query).find((name) => !parameters.includes(name));
  if (unknown !== undefined) {
    throw refuse(shown, `it has the parameter "${unknown}"; known are ${parameters.join(', ')}`);
  }
  const tls = tlsOf(query, shown);
  const parts = {
    host,
    port: url.port === '' ? undefined : Number(url.port),
    user: decoded(url.username, shown),
    password: decoded(url.password, shown),
    database: decoded(database, shown),
    tls,
  };
  const given = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  return { ...given, schema: schemaOf(schema, shown), shown };
}
