import { isIPv4, isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError, type RetentionPolicy, retentionIn, serverScheme } from '@buildstate/core';
import { type Environment, type KeyRingSource, userDataFolder } from '@buildstate/node-runtime';
import { defaultLimits, type Limits } from './app/limits.ts';
import { type UnknownFields, unknownFieldsChoices } from './http/ignored-fields.ts';
import type { ServerOptions } from './server-options.ts';

/** How a server is started, with every default filled in. */
export interface ResolvedServerOptions {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly store: string;
  readonly artifactBase: string;
  readonly dev: boolean;
  readonly openMetrics: boolean;
  readonly createReferences: boolean;
  readonly duties: boolean;
  readonly retention: RetentionPolicy;
  readonly unknownFields: UnknownFields;
  readonly trustProxy: readonly string[];
  readonly limits: Limits;
  readonly noticeMs: number;
  readonly drainMs: number;
  readonly keyRing: KeyRingSource;
  readonly environment: Environment;
}

const defaults = {
  host: '127.0.0.1',
  port: 8080,
  artifactBase: serverScheme,
  dev: false,
  openMetrics: false,
  createReferences: true,
  duties: true,
  noticeMs: 250,
  drainMs: 10_000,
} as const;

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  return isIPv6(host) ? host === '::1' : host === 'localhost';
}

/** A setting that holds or names a secret: left empty it is a mistake, not a wish, except where nothing is at stake. */
function secretSetting(environment: Environment, name: string, dev: boolean): string | undefined {
  const value = environment[name];
  if (value === undefined || value.trim() !== '') return value;
  if (dev) return undefined;
  throw new ConfigurationError(`${name} is set and empty. Give it a value, or unset it.`);
}

function keyRingSource(environment: Environment, dataDir: string, dev: boolean): KeyRingSource {
  const file = secretSetting(environment, 'BLDST_KEYRING_FILE', dev);
  const inline = secretSetting(environment, 'BLDST_KEYRING', dev);
  const single = secretSetting(environment, 'ARTIFACT_SIGNING_KEY', dev);
  if (file === undefined && inline === undefined && single === undefined) {
    return { file: join(dataDir, 'keyring.json'), makeIfMissing: true, allowWeak: dev };
  }
  return {
    ...(file !== undefined && { file }),
    ...(inline !== undefined && { inline }),
    ...(single !== undefined && { single }),
    allowWeak: dev,
  };
}

function unknownFieldsIn(environment: Environment): UnknownFields {
  const value = environment.BLDST_UNKNOWN_FIELDS?.trim() || 'refuse';
  const choice = unknownFieldsChoices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw new ConfigurationError(
    `BLDST_UNKNOWN_FIELDS must be ${unknownFieldsChoices.join(' or ')}, not "${value}".`,
  );
}

function checkPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new ConfigurationError(`The port must be a number from 0 to 65535, not ${port}.`);
}

/**
 * Fills in what was left out, from the environment and from defaults.
 * @throws ConfigurationError that names the setting when one cannot be used
 */
export function resolveOptions(options: ServerOptions): ResolvedServerOptions {
  const environment = options.environment ?? process.env;
  const chosen = { ...defaults, ...definedOnly(options) };
  const { host, dev } = chosen;
  if (dev && !isLoopback(host)) {
    throw new ConfigurationError(
      `Development keys are known to everybody, so --dev serves this machine only, not ${host}. ` +
        'Leave out --dev, or listen on 127.0.0.1.',
    );
  }
  const dataDir = resolve(options.dataDir ?? (environment.BLDST_DATA_DIR || userDataFolder(environment)));
  return {
    ...chosen,
    port: checkPort(chosen.port),
    dataDir,
    store:
      options.store ??
      secretSetting(environment, 'BLDST_DATABASE_URL', dev) ??
      `sqlite://${pathToFileURL(join(dataDir, 'buildstate.db')).pathname}`,
    unknownFields: options.unknownFields ?? unknownFieldsIn(environment),
    trustProxy: options.trustProxy === undefined ? [] : [options.trustProxy].flat(),
    limits: { ...defaultLimits, ...options.limits },
    retention: { ...retentionIn(environment), ...options.retention },
    keyRing: keyRingSource(environment, dataDir, dev),
    environment,
  };
}

function definedOnly(options: ServerOptions): { [K in keyof ServerOptions]: NonNullable<ServerOptions[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof ServerOptions]: NonNullable<ServerOptions[K]>;
  };
}
