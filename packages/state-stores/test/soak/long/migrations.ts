import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Databases } from '@buildstate/tooling/postgres-databases';
import { newestVersion } from '../migrations/older-database.ts';
import { startTogether } from '../migrations/start-together.ts';

/**
 * `npm run soak -- migrations [times] [sqlite|postgres]`: 20 instances start at once on empty and older databases in
 * turns; at every second time one of them is killed meanwhile.
 */
const [timesText = '50', kind = 'sqlite'] = process.argv.slice(2);
if (kind !== 'sqlite' && kind !== 'postgres')
  throw new TypeError(`There is no store "${kind}" here. There are: sqlite, postgres.`);
const times = Number(timesText);
const folder = await mkdtemp(join(tmpdir(), 'buildstate-migrations-'));
const databases = new Databases();
const faults: string[] = [];
const started = performance.now();
try {
  for (let time = 0; time < times; time++) {
    const database = kind === 'postgres' ? await databases.create() : undefined;
    const url = database?.url ?? `sqlite://${join(folder, `${time}.db`)}`;
    const from = time % (newestVersion + 1);
    faults.push(
      ...(await startTogether({ url, from, instances: 20, killsOne: time % 2 === 1, built: true })),
    );
    if (database !== undefined) await databases.drop(database.name);
  }
} finally {
  await databases.close();
  await rm(folder, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(
  `${JSON.stringify({ suite: 'migrations', store: kind, times, versions: newestVersion, faults, seconds })}\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
