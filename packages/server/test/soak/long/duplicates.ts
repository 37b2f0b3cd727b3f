import { serverProcess } from '../../support/server-process.ts';
import { storeFor } from '../../support/store-for.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { deliverDuplicates } from '../duplicates.ts';

/** `npm run soak -- duplicates [deliveries] [sqlite|folder|file|postgres]`. Prints what was delivered and what was wrong. */
const [deliveries = '10000', where = 'sqlite'] = process.argv.slice(2);
const folder = await temporaryFolder();
const place = await storeFor(where, folder.path);
const servers = [await serverProcess(folder.path, place.url), await serverProcess(folder.path, place.url)];
try {
  const urls = servers.map(({ url }) => url);
  const result = await deliverDuplicates({ urls, deliveries: Number(deliveries) });
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.faults.length === 0 ? 0 : 1;
} finally {
  for (const server of servers) await server.end('SIGTERM');
  await place.remove();
  await folder.remove();
}
