import { join } from 'node:path';
import { BuildStateError, silentLogger } from '@buildstate/core/light';
import { createIds, systemClock, userStateFolder } from '@buildstate/node-runtime';
import { cacheOptions } from '../artifact/cache-options.ts';
import { openPlaces } from '../artifact/open-places.ts';
import { reporterName } from '../ci/reporter.ts';
import type { BuildStateClient } from '../client.ts';
import { configFromEnvironment } from '../config.ts';
import { LeaseNotes } from '../lease/lease-notes.ts';
import { defaultStore } from '../local/local-place.ts';
import { Spool } from '../spool/spool.ts';
import { SpoolFolder } from '../spool/spool-folder.ts';
import { assembleClient } from './assemble.ts';
import { openDoor } from './open-door.ts';
import type { ConnectOptions } from './options.ts';
import { processOwner } from './process-owner.ts';

/** How long connecting waits for reports from before to be delivered, in milliseconds. */
const flushMs = 3000;

/** Delivers what waits. Nothing that goes wrong with it keeps a client from being made: it is tried again later. */
async function flushQuietly(spool: Spool, logger: NonNullable<ConnectOptions['logger']>): Promise<void> {
  const signal = AbortSignal.timeout(flushMs);
  try {
    const { delivered, rejected, waiting } = await spool.flush({ signal });
    if (delivered + rejected + waiting === 0) return;
    logger.info({ delivered, rejected, waiting }, 'Reports from before were delivered late.');
  } catch (error) {
    if (error !== signal.reason && !(error instanceof BuildStateError)) throw error;
    logger.warn({ reason: String(error) }, 'Reports from before could not be delivered yet.');
  }
}

/**
 * Reaches a tracker: a server over HTTP, or a store in this process.
 *
 * @param url `https://…` or `http://…` for a server; `sqlite:///folder`, a `.db` file, `file:///folder`, `memory:`
 *   or a path for a store. @default `BLDST_TRACKER` or `BLDST_API_URL`, else a store in the user's data folder
 * @throws ConfigurationError for an address or a setting that cannot be used; for stores also what opening them
 *   throws. A server that is away is noticed by the first call.
 */
export async function connect(url?: string, options: ConnectOptions = {}): Promise<BuildStateClient> {
  const { logger = silentLogger, clock = systemClock, signal } = options;
  signal?.throwIfAborted();
  const config = configFromEnvironment(options.env);
  const address = url ?? config.tracker ?? defaultStore(config);
  const reporter = options.reporter ?? reporterName(config.env, processOwner());
  const places = openPlaces({ env: config.env, clock, logger });
  const cache = cacheOptions(config.env, logger);
  const door = await openDoor({ address, options, config, reporter, places, clock, logger });
  const spoolFolder = options.spoolFolder ?? config.spoolFolder ?? join(userStateFolder(config.env), 'spool');
  const folder = new SpoolFolder(spoolFolder, door.uri);
  const leaseNotes = new LeaseNotes({ folder: folder.leases, monotonic: () => clock.monotonic(), logger });
  const spool = new Spool({ folder, door, clock, logger });
  if (options.flushSpool !== false) await flushQuietly(spool, logger);
  const journals = join(userStateFolder(config.env), 'uploads');
  return assembleClient({
    door,
    spool,
    leaseNotes,
    places,
    journals,
    cache,
    reporter,
    ids: createIds(),
    clock,
    logger,
  });
}
