import { expect, it } from 'vitest';
import { storeFor } from '../../support/store-for.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { rollingRestarts } from './rolling.ts';

it('instances that are restarted one after the other behind a load balancer fail no request of the client', async () => {
  const folder = await temporaryFolder();
  const { url } = await storeFor('sqlite', folder.path);
  const result = await rollingRestarts({ folder: folder.path, url, restarts: 3 });
  await folder.remove();
  expect(result.faults).toEqual([]);
  expect(result.acknowledged).toBeGreaterThan(50);
}, 300_000);
