import { openStateStore } from '../../../src/registry.ts';

/** Opens a store, uses it, and closes it. Argument: URI. */
const [uri = ''] = process.argv.slice(2);

const store = await openStateStore(uri);
await store.listBuilds({ limit: 1 });
await store.close();
