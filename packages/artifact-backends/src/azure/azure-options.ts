import type { TokenCredential } from '@azure/core-auth';
import type { Clock, Logger } from '@buildstate/core';
import { silentLogger } from '@buildstate/core/light';
import { systemClock } from '@buildstate/node-runtime';

/** How each block is protected on its way, beside TLS: nothing more, or an MD5 that the store compares. */
export type AzureChecksums = 'md5' | 'none';

/** Where new objects are kept; cooler ones cost less to keep and more to read. */
export type AzureTier = 'Hot' | 'Cool' | 'Cold';

/** How a container is reached. Of several credentials the first one in this order is used. */
export interface AzureOptions {
  /** URL of the account's blob service. @default `https://<account>.blob.core.windows.net` */
  readonly endpoint?: string;
  /** The account that `accountKey` and `sasToken` belong to; a URI of another one is refused. */
  readonly account?: string;
  /** A connection string of the account; it brings its own endpoint. */
  readonly connectionString?: string;
  /** A key of the account. */
  readonly accountKey?: string;
  /** A shared access signature, with or without its question mark. */
  readonly sasToken?: string;
  /** Gives Entra ID tokens. @default `DefaultAzureCredential` of `@azure/identity` */
  readonly credential?: TokenCredential;
  /** @default `md5` */
  readonly checksums?: AzureChecksums;
  /** @default the account's */
  readonly tier?: AzureTier;
  /** Waits while the store copies, and tells how old leftovers are. @default the system's */
  readonly clock?: Pick<Clock, 'now' | 'sleep'>;
  /** Told about leftovers that cannot be removed. @default silent */
  readonly logger?: Logger;
}

/** Options with every default filled in; what the SDK or the account decide stays open. */
export interface ResolvedAzureOptions extends AzureOptions {
  readonly checksums: AzureChecksums;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly logger: Logger;
}

/** Fills in defaults. */
export function resolveAzureOptions(options: AzureOptions): ResolvedAzureOptions {
  const { checksums = 'md5', clock = systemClock, logger = silentLogger } = options;
  return { ...options, checksums, clock, logger };
}
