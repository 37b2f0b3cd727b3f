import type { ArtifactBackend, Clock, Crypto, Ids, StateStore, Tracker } from '@buildstate/core';
import type { Logger } from 'pino';
import type { AccessTokens } from '../auth/access-tokens.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Users } from '../auth/users.ts';
import type { UnknownFields } from '../http/ignored-fields.ts';
import type { Lifecycle } from '../lifecycle.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Limits } from './limits.ts';

/** What the Fastify app is put together from. */
export interface AppParts {
  /** Decides everything about builds. */
  readonly tracker: Tracker;
  /** For readiness, and for whose bytes are whose: operations go through the tracker. */
  readonly store: Pick<StateStore, 'ping' | 'loadBuild'>;
  /** Says whom a key stands for. */
  readonly auth: Authenticator;
  /** Who can log in with a password. */
  readonly users: Users;
  /** Makes and checks the tokens of those who logged in. */
  readonly accessTokens: AccessTokens;
  /** The server's own disk. */
  readonly artifacts: ArtifactBackend;
  /** Hashes and signs. */
  readonly crypto: Crypto;
  /** Makes ids of requests and keys of uploads. */
  readonly ids: Ids;
  /** Time. */
  readonly clock: Clock;
  /** Where lines of the log go. */
  readonly logger: Logger;
  /** Whether the server starts, serves or drains. */
  readonly lifecycle: Lifecycle;
  /** Figures. */
  readonly metrics: Metrics;
  /** Of the package, shown by `/status` and in the document. */
  readonly version: string;
  /** Bounds. @default `defaultLimits` */
  readonly limits?: Partial<Limits>;
  /** Whether `/metrics` needs no key. @default false */
  readonly openMetrics?: boolean;
  /** What is done about fields of requests that are not known. @default 'refuse' */
  readonly unknownFields?: UnknownFields;
  /**
   * Addresses or networks of proxies whose `X-Forwarded-For` is believed. @default none: the address is that of the
   * connection, whatever headers say
   */
  readonly trustProxy?: string | readonly string[];
}
