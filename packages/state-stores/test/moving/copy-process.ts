import { openStateStore } from '@buildstate/state-stores';
import { copyStore } from '@buildstate/state-stores/moving';

const [from = '', to = ''] = process.argv.slice(2);
const [source, target] = [await openStateStore(from), await openStateStore(to)];
await copyStore(source, target);
await source.close();
await target.close();
