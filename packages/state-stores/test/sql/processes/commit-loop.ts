import type { Attempt, StateStore } from '@buildstate/core';
import { openStateStore } from '../../../src/registry.ts';
import { plainChange } from './plain-change.ts';

/**
 * Commits to builds until each had a number of commits of this process, all builds at the same time. Tells each commit
 * on standard output only once it is acknowledged.
 * Arguments: URI, number of commits per build, an attempt as JSON, ids of the builds.
 */
const [uri = '', rounds = '', template = '', ...builds] = process.argv.slice(2);
const attempt = JSON.parse(template) as Attempt;

async function commitTo(store: StateStore, id: string): Promise<void> {
  for (let applied = 0; applied < Number(rounds); ) {
    const loaded = await store.loadBuild(id);
    if (loaded === undefined) throw new Error(`build ${id} is not there`);
    const change = plainChange(loaded.snapshot, attempt);
    if ((await store.commitBuild(change)) !== 'applied') continue;
    applied += 1;
    process.stdout.write(`${id} ${change.head.build.version}\n`);
  }
}

const store = await openStateStore(uri);
await Promise.all(builds.map((id) => commitTo(store, id)));
await store.close();
