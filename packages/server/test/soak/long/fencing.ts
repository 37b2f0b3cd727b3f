import { serverProcess } from '../../support/server-process.ts';
import { storeFor } from '../../support/store-for.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { pauseHolders } from '../fencing/fencing.ts';

/** `npm run soak -- fencing [holders] [sqlite|folder|file|postgres]`: holders paused past their time-to-live. */
const [holders = '100', kind = 'postgres'] = process.argv.slice(2);
const folder = await temporaryFolder();
const place = await storeFor(kind, folder.path);
const server = await serverProcess(folder.path, place.url, { built: true });
const started = performance.now();
try {
  const faults = await pauseHolders(server.url, Number(holders), 5);
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(
    `${JSON.stringify({ suite: 'fencing', store: kind, holders: Number(holders), faults, seconds })}\n`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await server.end('SIGTERM');
  await place.remove();
  await folder.remove();
}
