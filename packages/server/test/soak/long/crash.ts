import { storeFor } from '../../support/store-for.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { crash } from '../crash/crash.ts';

/**
 * `npm run soak -- crash [kills] [sqlite|folder|file|postgres]`: 100 reports for each kill, and PostgreSQL ended hard
 * at every tenth. Prints what was acknowledged and what is wrong.
 */
const [killsText = '1000', kind = 'sqlite'] = process.argv.slice(2);
const kills = Number(killsText);
const folder = await temporaryFolder();
const place = await storeFor(kind, folder.path);
const started = performance.now();
try {
  const result = await crash({
    place,
    folder: folder.path,
    kills,
    reports: kills * 100,
    restarts: kind === 'postgres' ? Math.floor(kills / 10) : 0,
    built: true,
    onKill(kill, acknowledged) {
      if (kill % 25 === 0) process.stderr.write(`${kill} kills, ${acknowledged} acknowledged\n`);
    },
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${JSON.stringify({ suite: 'crash', store: kind, ...result, seconds })}\n`);
  process.exitCode = result.faults.length === 0 ? 0 : 1;
} finally {
  await place.remove();
  await folder.remove();
}
