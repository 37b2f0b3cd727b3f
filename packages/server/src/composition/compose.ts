import { hostname } from 'node:os';
import { join } from 'node:path';
import { checkKeyRing, createTracker, type StateStore, storeDuties, type Tracker } from '@buildstate/core';
import {
  createIds,
  createNodeCrypto,
  loadKeyRing,
  makePrivateFolder,
  systemClock,
} from '@buildstate/node-runtime';
import { openStateStore } from '@buildstate/state-stores';
import { artifactSigner } from '@buildstate/transfer';
import type { Logger } from 'pino';
import type { AppParts } from '../app/app-parts.ts';
import { AccessTokens } from '../auth/access-tokens.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { developmentUsers } from '../auth/development-users.ts';
import { forgetChangedKeys } from '../auth/forget-changed-keys.ts';
import { LastUse } from '../auth/last-use.ts';
import { nobody } from '../auth/users.ts';
import type { ResolvedServerOptions } from '../config.ts';
import { DutyRunner } from '../duties/duty-runner.ts';
import { Lifecycle } from '../lifecycle.ts';
import { Metrics } from '../metrics/metrics.ts';
import { createInspector } from '../transfer/inspect-artifact.ts';
import { serverVersion } from '../version.ts';
import { openOwnDisk, Places } from './places.ts';

/** A server put together, before it listens. */
export interface Composition {
  /** For `createApp`. */
  readonly parts: AppParts;
  /** The engine. */
  readonly tracker: Tracker;
  /** The store, open. */
  readonly store: StateStore;
  /** What is done in the background; not begun yet. */
  readonly duties: DutyRunner;
  /** Waits for what is being written, then frees store, backends and log. */
  close(): Promise<void>;
}

/** Writes out what the log still holds; a broken log must not keep a server from closing. */
function flush(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    logger.flush(() => resolve());
  });
}

/**
 * Opens key ring, store and artifacts and puts the parts of a server together. What was opened is closed again when
 * a later part fails.
 * @throws ConfigurationError when a setting cannot be used, and whatever the store cannot do
 */
export async function compose(options: ResolvedServerOptions, logger: Logger): Promise<Composition> {
  await makePrivateFolder(options.dataDir);
  const crypto = createNodeCrypto(await loadKeyRing({ ...options.keyRing, logger }));
  const store = await openStateStore(options.store, { logger });
  try {
    const clock = systemClock;
    const ids = createIds();
    await checkKeyRing({ store, clock, crypto, ids });
    const artifacts = await openOwnDisk(join(options.dataDir, 'artifacts'));
    const places = new Places(artifacts, options.artifactBase, options.environment, store);
    const inspector = createInspector({ placeOf: (artifact) => places.placeOf(artifact), crypto, clock });
    const { artifactBase, createReferences } = options;
    const tracker = createTracker({
      store,
      clock,
      ids,
      crypto,
      logger,
      inspector,
      sign: artifactSigner(crypto.keys, () => clock.now()),
      createReferences,
      artifactBase,
      recentHeads: true,
      retention: options.retention,
    });
    const lastUse = new LastUse(store, logger);
    const users = options.dev ? developmentUsers : nobody;
    const accessTokens = new AccessTokens({ keys: crypto.keys, clock, ids, users });
    const auth = new Authenticator({ store, clock, lastUse, accessTokens, dev: options.dev });
    await forgetChangedKeys(store, auth);
    const metrics = new Metrics(true);
    const duties = new DutyRunner(storeDuties({ store, clock, ids, crypto, retention: options.retention }), {
      ...{ store, clock, logger, metrics, random: Math.random },
      holder: `${hostname()}/${process.pid}/${ids.uuid()}`,
    });
    return {
      parts: {
        tracker,
        store,
        auth,
        users,
        accessTokens,
        artifacts,
        crypto,
        ids,
        clock,
        logger,
        lifecycle: new Lifecycle(),
        metrics,
        version: serverVersion,
        limits: options.limits,
        openMetrics: options.openMetrics,
        unknownFields: options.unknownFields,
        trustProxy: options.trustProxy,
      },
      tracker,
      store,
      duties,
      async close() {
        await lastUse.settled();
        await places.close();
        await store.close();
        await flush(logger);
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
