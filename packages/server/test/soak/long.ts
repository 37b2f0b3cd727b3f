import { serverProcess } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { deliverDuplicates } from './duplicates.ts';

/** The long form: `npm run soak -- duplicates [deliveries]`. Prints what was delivered and what was wrong. */
const [what = 'duplicates', deliveries = '10000'] = process.argv.slice(2);
if (what !== 'duplicates') throw new TypeError(`There is no soak "${what}". There is: duplicates.`);
const folder = await temporaryFolder();
const servers = [await serverProcess(folder.path), await serverProcess(folder.path)];
try {
  const urls = servers.map(({ url }) => url);
  const result = await deliverDuplicates({ urls, deliveries: Number(deliveries) });
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.faults.length === 0 ? 0 : 1;
} finally {
  for (const server of servers) await server.end('SIGTERM');
  await folder.remove();
}
