import type { BuildStateClient } from '@buildstate/client';
import type { ClientOpener, TrackerAddress } from '../../src/connect/client-opener.ts';

/** An opener that remembers what it was asked to open, and a client of which only some parts exist. */
export function fakeTracker(parts: Partial<BuildStateClient> = {}) {
  const opened: TrackerAddress[] = [];
  let closed = 0;
  const client = {
    uri: 'fake:',
    mode: 'server',
    reporter: 'tester@here',
    close: async () => {
      closed += 1;
    },
    [Symbol.asyncDispose]: async () => {
      closed += 1;
    },
    ...parts,
  } as BuildStateClient;
  const open: ClientOpener = async (address) => {
    opened.push(address);
    return client;
  };
  return {
    open,
    opened,
    /** How often a client was closed. */
    get closed() {
      return closed;
    },
  };
}

/** A client that only knows who asks. */
export const knownCaller = {
  whoami: async () => ({ id: 'key-1', scopes: ['read', 'write'] as ('read' | 'write')[], projectId: null }),
};
