import { followModel, type ModelledStore, modelledStores } from '../../model/follow-model.ts';

/** `npm run soak -- model [builds] [memory|sqlite|folder|file] [seed]`: random commands, compared with the model. */
const [runs = '10000', kind = 'memory', seed] = process.argv.slice(2);
if (!modelledStores.includes(kind as ModelledStore))
  throw new TypeError(`There is no store "${kind}" here. There are: ${modelledStores.join(', ')}.`);
const started = performance.now();
const sum = await followModel(
  kind as ModelledStore,
  Number(runs),
  seed === undefined ? undefined : Number(seed),
);
const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(`${JSON.stringify({ suite: 'model', store: kind, ...sum, seconds })}\n`);
