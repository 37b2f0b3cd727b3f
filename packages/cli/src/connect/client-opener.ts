import type { BuildStateClient } from '@buildstate/client';
import type { Environment } from '@buildstate/node-runtime';

/** Where a tracker is, and what will be asked of it. */
export interface TrackerAddress {
  /** URL of a server or a store. */
  readonly url: string;
  /** The API key, for servers. */
  readonly apiKey?: string | undefined;
  /** Whether artifact bytes will be moved, for which more has to be loaded. */
  readonly movesBytes: boolean;
  /** Environment variables. */
  readonly env: Environment;
}

/** Opens a tracker. */
export type ClientOpener = (address: TrackerAddress) => Promise<BuildStateClient>;
