import { writeSync } from 'node:fs';
import { openStateStore } from '@buildstate/state-stores';
import { copyStore } from '@buildstate/state-stores/moving';

const [from = '', to = ''] = process.argv.slice(2);
const [source, target] = [await openStateStore(from), await openStateStore(to)];
// One character for each record, past any buffer, so that whoever listens can end this process there.
await copyStore(source, target, () => void writeSync(1, '.'));
await source.close();
await target.close();
