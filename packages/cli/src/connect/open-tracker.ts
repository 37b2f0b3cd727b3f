import type { BuildStateClient } from '@buildstate/client';
import type { TrackerAddress } from './client-opener.ts';

/**
 * Opens a tracker: a server over HTTP, or a store in this process. A server that is only asked questions is
 * reached with what is in this bundle already; everything else loads the client with its stores and transfers.
 */
export async function openTracker(address: TrackerAddress): Promise<BuildStateClient> {
  // The client would fall back to the environment's key, which may not go to every tracker.
  const env = { ...address.env, BLDST_API_KEY: undefined };
  const { connect } = await import('@buildstate/client');
  return connect(address.url, { apiKey: address.apiKey, transport: 'node', env });
}
