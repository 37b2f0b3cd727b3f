import { connect } from '../../src/index.ts';

/** A worker that takes a build, says so, and holds it until it is killed. */
const [url = '', build = '', key = ''] = process.argv.slice(2);
const client = await connect(url, { apiKey: key, env: {}, flushSpool: false, transport: 'node' });
const lease = await client.leases.acquire(build, { ttlSeconds: 600 });
await client.builds.record(build, { state: 10, status: 'started', leaseToken: lease.token });
process.stdout.write(`${lease.token}\n`);
setInterval(() => {}, 60_000);
