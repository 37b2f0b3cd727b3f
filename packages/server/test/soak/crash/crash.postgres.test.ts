import { expect, it } from 'vitest';
import { storeFor } from '../../support/store-for.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { crash } from './crash.ts';

it('a server over PostgreSQL that is killed twice, and its database too, loses and doubles nothing', async () => {
  const folder = await temporaryFolder();
  const place = await storeFor('postgres', folder.path);
  const result = await crash({ place, folder: folder.path, kills: 2, reports: 200, restarts: 2 });
  await place.remove();
  await folder.remove();
  expect(result.faults).toEqual([]);
  expect(result).toMatchObject({ restarts: 2 });
  expect(result.repeated).toBeGreaterThan(0);
}, 300_000);
