import { once } from 'node:events';
import { connect } from '@buildstate/client';
import { BuildStateError } from '@buildstate/core';
import { devKeys } from '../../support/test-server.ts';

/**
 * Holds a build, begins state 35, and says so; when told to go on, completes the state, registers what it made and
 * renews, and says what each came to: `hold-build.ts <url> <build> <ttl seconds>`.
 */
const [url = '', build = '', ttl = ''] = process.argv.slice(2);
const client = await connect(url, { apiKey: devKeys.write, env: {}, flushSpool: false });
const lease = await client.leases.acquire(build, { ttlSeconds: Number(ttl), takeOverDead: false });
const leaseToken = lease.token;
await client.builds.record(build, { state: 35, status: 'started', leaseToken });
process.stdout.write('holds\n');
await once(process.stdin, 'data');

const comesTo = async (wish: Promise<unknown>): Promise<string> => {
  try {
    await wish;
    return 'accepted';
  } catch (error) {
    return error instanceof BuildStateError ? error.code : String(error);
  }
};
const outcome = {
  completes: await comesTo(client.builds.record(build, { state: 35, leaseToken })),
  registers: await comesTo(
    client.artifacts.register(build, {
      stateCode: 35,
      artifactName: 'late',
      artifactType: 'disk_image',
      artifactPath: 's3://late/image',
      storageBackend: 's3',
      leaseToken,
    }),
  ),
  renews: await comesTo(client.leases.renew(build, leaseToken)),
  // The heartbeat has found out by itself, or will at its next turn.
  told: await Promise.race([
    lease.signal.aborted ? true : once(lease.signal, 'abort').then(() => true),
    new Promise((resolve) => setTimeout(resolve, 60_000, false)),
  ]),
};
process.stdout.write(`${JSON.stringify(outcome)}\n`);
await client.close();
process.exit(0);
