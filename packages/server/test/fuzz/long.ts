import { TestServer } from '../support/test-server.ts';
import { fuzz } from './fuzz.ts';

/** The long form: `npm run fuzz -- [requests] [seed]`. Prints the seed and the answers by status. */
const [requests = 100_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const server = await TestServer.start({ store: undefined, log: { level: 'silent' } });
try {
  process.stdout.write(`seed ${seed}, ${requests} requests\n`);
  const { statuses, faults, slowestMs } = await fuzz(server.url, { requests, seed, together: 16 });
  for (const { request, why } of faults) {
    process.stdout.write(`${request.method} ${request.path.slice(0, 300)}\n  ${why}\n`);
    process.stdout.write(`  ${JSON.stringify(request.headers)}\n  ${request.body.slice(0, 1000)}\n`);
  }
  process.stdout.write(`${JSON.stringify(statuses)}\nslowest ${slowestMs} ms, ${faults.length} faults\n`);
  const healthy = (await server.send('/health', { key: null })).status === 200;
  process.exitCode = faults.length === 0 && healthy ? 0 : 1;
} finally {
  await server.remove();
}
