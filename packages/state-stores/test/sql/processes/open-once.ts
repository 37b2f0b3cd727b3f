import { openSqlite } from '../../../src/sqlite/index.ts';

/** Opens a store, uses it, and closes it. Argument: URI. */
const [uri = ''] = process.argv.slice(2);

const store = openSqlite(uri);
await store.open();
await store.listBuilds({ limit: 1 });
await store.close();
