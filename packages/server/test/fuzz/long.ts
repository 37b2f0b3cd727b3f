import { storeFor } from '../support/store-for.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TestServer } from '../support/test-server.ts';
import { fuzz } from './fuzz.ts';

/** The long form: `npm run fuzz -- [requests] [seed] [sqlite|postgres]`. Prints the seed and the answers by status. */
const [, , requestsText = '100000', seedText = String(Date.now() % 2 ** 31), where = 'sqlite'] = process.argv;
const [requests, seed] = [Number(requestsText), Number(seedText)];
const folder = await temporaryFolder();
const place = await storeFor(where, folder.path);
const server = await TestServer.start({ store: place.url, log: { level: 'silent' } });
try {
  process.stdout.write(`seed ${seed}, ${requests} requests\n`);
  const { statuses, faults, slowestMs, reached, authenticated } = await fuzz(server.url, {
    requests,
    seed,
    together: 16,
    onRound(sent) {
      if (sent % 10_000 === 0) process.stderr.write(`${sent} requests sent\n`);
    },
  });
  for (const { request, why } of faults) {
    process.stdout.write(`${request.method} ${request.path.slice(0, 300)}\n  ${why}\n`);
    process.stdout.write(`  ${JSON.stringify(request.headers)}\n  ${request.body.slice(0, 1000)}\n`);
  }
  process.stdout.write(`${reached} of ${authenticated} with a good key reached what does them\n`);
  process.stdout.write(`${JSON.stringify(statuses)}\nslowest ${slowestMs} ms, ${faults.length} faults\n`);
  const healthy = (await server.send('/health', { key: null })).status === 200;
  process.exitCode = faults.length === 0 && healthy ? 0 : 1;
} finally {
  await server.remove();
  await place.remove();
  await folder.remove();
}
