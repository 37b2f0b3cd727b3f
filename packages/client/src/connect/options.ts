import type { Clock, Logger } from '@buildstate/core';
import type { Environment, KeyRingSource } from '@buildstate/node-runtime';
import type { HttpTransport } from '../http/transport.ts';

/** How long a server is waited for. */
export interface TimeLimits {
  /** Milliseconds for one try, from connecting to the last byte of the answer. @default 10000 */
  readonly tryMs?: number;
  /** Milliseconds for a call with all its tries and pauses. @default 30000 */
  readonly totalMs?: number;
}

/** How calls that are safe to repeat are repeated after a fault. */
export interface RetryLimits {
  /** Tries in all; 1 repeats nothing. @default 3 */
  readonly tries?: number;
  /** Longest pause between two tries, in milliseconds; a longer `Retry-After` is cut to it. @default 10000 */
  readonly maxPauseMs?: number;
}

/** Options of `connect`. All of them have defaults that suit programs in CI jobs. */
export interface ConnectOptions {
  /** The API key, for servers; `null` sends none, whatever the environment holds. @default `BLDST_API_KEY` */
  readonly apiKey?: string | null;
  /**
   * What sends HTTP requests: `ky`, `node` (node:http, without dependencies; starts faster), or one of your own.
   * @default 'ky'
   */
  readonly transport?: 'ky' | 'node' | HttpTransport;
  /** Time limits, for servers. */
  readonly timeouts?: TimeLimits;
  /** Repeats, for servers. */
  readonly retry?: RetryLimits;
  /** Largest answer that is read, in bytes. @default 64 MiB */
  readonly maxAnswerBytes?: number;
  /** Who reports when a report does not say. @default the CI job when one is detected, else `user@host` */
  readonly reporter?: string;
  /** Folder of reports that wait for their tracker. @default `BLDST_SPOOL_DIR`, else in the user's state folder */
  readonly spoolFolder?: string;
  /** Deliver reports that wait for this tracker while connecting. @default true */
  readonly flushSpool?: boolean;
  /** Keys that sign and seal, for local stores. @default the environment's, else the folder's own ring */
  readonly keyRing?: KeyRingSource;
  /** URI under which artifacts are stored, for local stores. @default `file://<folder of the store>/artifacts` */
  readonly artifactBase?: string;
  /** Where the client says what it does. @default silent */
  readonly logger?: Logger;
  /** Measures time and pauses. @default the system's */
  readonly clock?: Clock;
  /** Environment variables. @default the process's own */
  readonly env?: Environment;
  /** Ends connecting early. */
  readonly signal?: AbortSignal;
}
