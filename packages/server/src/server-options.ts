import type { RetentionPolicy } from '@buildstate/core';
import type { Environment } from '@buildstate/node-runtime';
import type { Limits } from './app/limits.ts';
import type { UnknownFields } from './http/ignored-fields.ts';
import type { LogOptions } from './log/create-logger.ts';

/** How a server is started. Everything may be left out. */
export interface ServerOptions {
  /** Address to listen on. @default '127.0.0.1' */
  readonly host?: string;
  /** Port to listen on; 0 takes a free one. @default 8080 */
  readonly port?: number;
  /**
   * Folder of database, key ring and artifacts, made readable by this user alone. @default `BLDST_DATA_DIR`, else the
   * user's data folder
   */
  readonly dataDir?: string;
  /**
   * Where builds are kept: `postgres://host/database`, `sqlite:///path/name.db`, `memory:`, … @default
   * `BLDST_DATABASE_URL`, else `buildstate.db` in the data folder
   */
  readonly store?: string;
  /**
   * URI under which workers store artifacts of projects that say nothing of their own. `server:` is the server's own
   * disk. Other URIs are also where `verify` looks; nowhere else. @default 'server:'
   */
  readonly artifactBase?: string;
  /** Whether the well-known development keys are good; on loopback addresses only. @default false */
  readonly dev?: boolean;
  /** Whether `/metrics` needs no key. @default false */
  readonly openMetrics?: boolean;
  /** Whether unknown projects, platforms and so on are made on first use. @default true */
  readonly createReferences?: boolean;
  /**
   * What is done about fields of bodies and queries that are not known: `refuse` the request, or ignore them and
   * `warn` in the answer. @default `BLDST_UNKNOWN_FIELDS`, else `refuse`
   */
  readonly unknownFields?: UnknownFields;
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed. @default none */
  readonly trustProxy?: string | readonly string[];
  /** Bounds on what clients send. @default see `Limits` */
  readonly limits?: Partial<Limits>;
  /** Where and how much is logged. @default info and above as JSON lines on standard error */
  readonly log?: LogOptions;
  /**
   * Whether this instance does its share of what the store needs done in the background; false where something else
   * does, like `bldst store maintain` by cron. @default true
   */
  readonly duties?: boolean;
  /**
   * How long histories are kept in projects that say nothing of their own. @default
   * `BLDST_RETENTION_FULL_DAYS` (30) and `BLDST_RETENTION_SNAPSHOT_DAYS` (365)
   */
  readonly retention?: Partial<RetentionPolicy>;
  /** Whether SIGTERM and SIGINT drain and close the server. @default false */
  readonly handleSignals?: boolean;
  /** Called after a signal, when everything is closed, with the exit code that tells how it went. */
  readonly onExit?: (code: number) => void;
  /** Milliseconds in which the server is unready and still accepts, so that load balancers notice. @default 250 */
  readonly noticeMs?: number;
  /** Milliseconds that requests under way get to finish when the server closes. @default 10000 */
  readonly drainMs?: number;
  /** Where `BLDST_…` settings are read. @default the process's environment */
  readonly environment?: Environment;
}

/** A server that answers. */
export interface RunningServer {
  /** Where, without a trailing slash. */
  readonly url: string;
  /** The port that it listens on. */
  readonly port: number;
  /** The first administrator's key, when this start made it. Shown here only, stored as a hash. */
  readonly generatedKey?: string;
  /** Drains, closes and frees everything. Calling it again waits for the same end. */
  close(): Promise<void>;
}
