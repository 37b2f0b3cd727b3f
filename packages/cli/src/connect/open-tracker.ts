import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildStateClient, type ConnectOptions, connect } from '@buildstate/client';
import { type Environment, userStateFolder } from '@buildstate/node-runtime';
import type { TrackerAddress } from './client-opener.ts';
import { originOf } from './origin.ts';

/** Whether reports can be waiting on this machine's disk; looking for those of one tracker takes longer. */
function reportsMayWait(env: Environment): boolean {
  return existsSync(env.BLDST_SPOOL_DIR?.trim() || join(userStateFolder(env), 'spool'));
}

/**
 * Opens a tracker: a server over HTTP, or a store in this process. A server that is only asked questions is
 * reached with the part of the client that is in this bundle; for everything else the client is loaded from its
 * own package, whole, so that stores and transfers meet the same classes as the client does.
 */
export async function openTracker(address: TrackerAddress): Promise<BuildStateClient> {
  const { url, apiKey, movesBytes, env } = address;
  // Without a key of its own the client would take the environment's, which may not go to every tracker.
  const options: ConnectOptions = {
    apiKey: apiKey ?? null,
    transport: 'node',
    flushSpool: reportsMayWait(env),
    env,
  };
  if (originOf(url) !== undefined && !movesBytes) return connect(url, options);
  const whole = await import('@buildstate/client');
  return whole.connect(url, options);
}
