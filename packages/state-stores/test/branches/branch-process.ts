/*
 * A server of its own over a shared store, with two ways to die.
 * `fork URI PARENT KEY UNTIL`: ends itself by SIGKILL between the parent's change and the making of the branch.
 * `complete URI BUILD STATE`: ends itself by SIGKILL when the completion is written, before anybody is told.
 * `join URI`: for each line `BRANCH TOKEN STATE PROJECT` completes the branch under its lease, and then wants a build of the project until it
 * has one, or is told `stop`. Says `joined ID TOKEN` or `nothing`.
 */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { createTracker, type StateStore } from '@buildstate/core';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '@buildstate/node-runtime';
import { openStateStore } from '@buildstate/state-stores';
import { interruptedStore } from './failing-store.ts';

const [mode, uri = '', build = '', ...rest] = process.argv.slice(2);
const actor = { id: `process ${process.pid}`, scopes: ['read', 'write'], projectId: null } as const;

/** Never goes on. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

async function trackerOver(store: StateStore) {
  const crypto = createNodeCrypto(await loadKeyRing({ single: randomBytes(32).toString('hex') }));
  return createTracker({ store, clock: systemClock, ids: createIds(), crypto });
}

const store = await openStateStore(uri);

if (mode === 'fork') {
  const [key, until] = rest;
  const tracker = await trackerOver(interruptedStore(store, { beforeCreating: die }));
  const body = { key, until: Number(until) };
  await tracker.perform('forkBuild', { params: { build_id: build }, body }, { actor });
} else if (mode === 'complete') {
  const tracker = await trackerOver(interruptedStore(store, { afterCommitting: die }));
  const body = { state: Number(rest[0]) };
  await tracker.perform('recordState', { params: { build_id: build }, body }, { actor });
} else {
  const tracker = await trackerOver(store);
  let stop = new AbortController();
  const join = async (branch: string, token: string, state: string, project: string) => {
    const params = { build_id: branch };
    const done = { state: Number(state), lease_token: Number(token) };
    await tracker.perform('recordState', { params, body: done }, { actor });
    const body = { project, holder: actor.id, wait_seconds: 30 };
    for (;;) {
      const context = { actor, signal: stop.signal };
      const claimed = (await tracker.perform('claimBuild', { body }, context)).body;
      if (claimed === undefined && !stop.signal.aborted) continue;
      const said = claimed ? `joined ${claimed.build.id} ${claimed.lease.token}` : 'nothing';
      process.stdout.write(`${said}\n`);
      return;
    }
  };
  process.stdout.write('ready\n');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'stop') {
      stop.abort();
      continue;
    }
    stop = new AbortController();
    const [branch = '', token = '', state = '', project = ''] = line.split(' ');
    join(branch, token, state, project).catch((error: unknown) => {
      throw error;
    });
  }
}
await store.close();
