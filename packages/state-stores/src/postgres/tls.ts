import { readFileSync } from 'node:fs';
import { ConfigurationError } from '@buildstate/core/light';

/** How a connection is encrypted, as Node's `tls` takes it. */
export interface TlsSettings {
  /** Whether the server must have a certificate that is trusted. */
  readonly rejectUnauthorized: boolean;
  /** Whom to trust instead of the system's authorities. */
  readonly ca?: string;
  /** Our own certificate. */
  readonly cert?: string;
  /** And its key. */
  readonly key?: string;
  /** Looks at the server's name; one that finds nothing wrong accepts every name. */
  readonly checkServerIdentity?: () => undefined;
}

/** What of a URL's parameters concerns encryption; files by their paths. */
export interface TlsParameters {
  readonly sslmode?: string;
  readonly sslrootcert?: string;
  readonly sslcert?: string;
  readonly sslkey?: string;
}

const modes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

function read(path: string | undefined, name: string): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`The file that ${name} names cannot be read: ${path}.`, { cause });
  }
}

/**
 * The settings that parameters ask for, with the meanings that PostgreSQL's own clients give them: `require` encrypts
 * and trusts any server (with `sslrootcert`: any that it vouches for), `verify-ca` asks for a trusted certificate,
 * `verify-full` also for the right name.
 * @param shown the place, for messages
 * @returns `undefined` when nothing is encrypted
 * @throws ConfigurationError when the mode is unknown, a file cannot be read, or files are named in vain
 */
export function tlsOf(parameters: TlsParameters, shown: string): TlsSettings | undefined {
  const { sslmode, sslrootcert, sslcert, sslkey } = parameters;
  const files = sslrootcert ?? sslcert ?? sslkey;
  if (sslmode === undefined || sslmode === 'disable') {
    if (files === undefined) return undefined;
    throw new ConfigurationError(`${shown} names certificates without encrypting; add sslmode=verify-full.`);
  }
  if (!modes.some((mode) => mode === sslmode)) {
    throw new ConfigurationError(`sslmode of ${shown} must be one of ${modes.join(', ')}, not "${sslmode}".`);
  }
  const ca = read(sslrootcert, 'sslrootcert');
  const cert = read(sslcert, 'sslcert');
  const key = read(sslkey, 'sslkey');
  return {
    rejectUnauthorized: sslmode !== 'require' || ca !== undefined,
    ...(sslmode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}
