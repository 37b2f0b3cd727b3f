import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@buildstate/client';
import { expect, it } from 'vitest';
import { cuttableNetwork } from '../../support/cut-network.ts';
import { storeFor } from '../../support/store-for.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { devKeys, TestServer } from '../../support/test-server.ts';
import { pauseHolders, recordOf, takeWhenFree } from './fencing.ts';

it.each(['sqlite', 'folder', 'file'])(
  'holders that are paused past their time-to-live are refused when they go on, over %s',
  async (kind) => {
    const folder = await temporaryFolder();
    const { url } = await storeFor(kind, folder.path);
    const server = await TestServer.start({ store: url });
    expect(await pauseHolders(server.url, 2, 2)).toEqual([]);
    await server.remove();
    await folder.remove();
  },
  180_000,
);

it('a holder behind a network that is cut stops before another one is let on, and is refused once it is mended', async () => {
  const server = await TestServer.start();
  const network = await cuttableNetwork(server.url);
  const options = { apiKey: devKeys.write, env: {}, flushSpool: false };
  const behind = await connect(network.url, { ...options, timeouts: { tryMs: 1000, totalMs: 5000 } });
  const another = await connect(server.url, options);
  const { id: build } = await another.builds.create({ project: 'images' });
  const lease = await behind.leases.acquire(build, { ttlSeconds: 3, takeOverDead: false });
  await behind.builds.record(build, { state: 35, status: 'started', leaseToken: lease.token });

  network.cut();
  const leaseToken = await takeWhenFree(another, build);
  // What runs under the lease is told to stop before anybody else can have it.
  expect(lease.signal.aborted).toBe(true);
  await another.builds.record(build, { state: 35, status: 'started', leaseToken });

  network.mend();
  const late = behind.builds.record(build, { state: 35, leaseToken: lease.token });
  await expect(late).rejects.toMatchObject({ code: 'lease_lost' });
  await another.builds.record(build, { state: 35, leaseToken });
  expect(await recordOf(another, build)).toBe('35#1 abandoned, 35#2 completed');
  await behind.close();
  await another.close();
  network.close();
  await server.remove();
}, 120_000);

it('a holder behind a network that is cut for less than its time-to-live goes on', async () => {
  const server = await TestServer.start();
  const network = await cuttableNetwork(server.url);
  const options = { apiKey: devKeys.write, env: {}, flushSpool: false };
  const behind = await connect(network.url, { ...options, timeouts: { tryMs: 1000, totalMs: 5000 } });
  const { id: build } = await behind.builds.create({ project: 'images' });
  const lease = await behind.leases.acquire(build, { ttlSeconds: 60, takeOverDead: false });
  network.cut();
  await sleep(100);
  network.mend();
  await behind.builds.record(build, { state: 35, leaseToken: lease.token });
  expect(lease.signal.aborted).toBe(false);
  await lease.release();
  await behind.close();
  network.close();
  await server.remove();
}, 120_000);
