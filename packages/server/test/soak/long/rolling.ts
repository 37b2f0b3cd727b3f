import { storeFor } from '../../support/store-for.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { rollingRestarts } from '../rolling/rolling.ts';

/** `npm run soak -- rolling [restarts] [sqlite|folder|file|postgres]`: three instances, one restarted after the other. */
const [restarts = '100', kind = 'postgres'] = process.argv.slice(2);
const folder = await temporaryFolder();
const place = await storeFor(kind, folder.path);
const started = performance.now();
try {
  const options = { folder: folder.path, url: place.url, restarts: Number(restarts), built: true };
  const result = await rollingRestarts(options);
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${JSON.stringify({ suite: 'rolling', store: kind, ...result, seconds })}\n`);
  process.exitCode = result.faults.length === 0 ? 0 : 1;
} finally {
  await place.remove();
  await folder.remove();
}
