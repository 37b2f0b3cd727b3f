import type { Environment, KeyRingSource } from '@buildstate/node-runtime';

/** What the environment says about trackers, credentials and folders. Empty variables count as missing. */
export interface ClientConfig {
  /** URL of the tracker: `BLDST_TRACKER`, else `BLDST_API_URL`. */
  readonly tracker?: string;
  /** The API key: `BLDST_API_KEY`. Hidden from `util.inspect` and JSON. */
  readonly apiKey?: string;
  /** The build that commands are about: `BLDST_BUILD_ID`. */
  readonly buildId?: string;
  /** Folder of local data: `BLDST_DATA_DIR`. */
  readonly dataFolder?: string;
  /** Folder of reports that wait for their tracker: `BLDST_SPOOL_DIR`. */
  readonly spoolFolder?: string;
  /** Keys that sign and seal: `BLDST_KEYRING_FILE`, `BLDST_KEYRING`, `ARTIFACT_SIGNING_KEY`. Hidden likewise. */
  readonly keyRing?: KeyRingSource;
  /** The environment itself, for what reads it further: CI detection, folders. Hidden likewise. */
  readonly env: Environment;
}

/**
 * Reads what the environment says. The one place in this package that looks at it.
 * @param env @default the process's own
 */
export function configFromEnvironment(env: Environment = process.env): ClientConfig {
  const read = (name: string) => env[name]?.trim() || undefined;
  const keys = {
    file: read('BLDST_KEYRING_FILE'),
    inline: read('BLDST_KEYRING'),
    single: read('ARTIFACT_SIGNING_KEY'),
  };
  const config = {
    tracker: read('BLDST_TRACKER') ?? read('BLDST_API_URL'),
    buildId: read('BLDST_BUILD_ID'),
    dataFolder: read('BLDST_DATA_DIR'),
    spoolFolder: read('BLDST_SPOOL_DIR'),
  };
  const hidden = {
    apiKey: read('BLDST_API_KEY'),
    keyRing: Object.values(keys).some((value) => value !== undefined) ? keys : undefined,
    env,
  };
  return Object.defineProperties(
    config,
    Object.fromEntries(Object.entries(hidden).map(([name, value]) => [name, { value, enumerable: false }])),
  ) as typeof config & typeof hidden;
}
