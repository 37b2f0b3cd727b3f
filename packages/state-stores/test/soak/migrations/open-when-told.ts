import { once } from 'node:events';
import { openStateStore } from '@buildstate/state-stores';

/** Says that it is ready, opens a store when told to, uses it, and closes it. The URL comes on standard input. */
process.stdout.write('ready\n');
const [url] = (await once(process.stdin.setEncoding('utf8'), 'data')) as [string];
process.stdin.destroy();
const store = await openStateStore(url.trim());
await store.listBuilds({ limit: 1 });
await store.close();
