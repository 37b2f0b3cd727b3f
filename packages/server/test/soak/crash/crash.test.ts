import { expect, it } from 'vitest';
import { storeFor } from '../../support/store-for.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { crash } from './crash.ts';

it.each(['sqlite', 'folder', 'file'])(
  'a server over %s that is killed three times loses and doubles nothing that it acknowledged',
  async (kind) => {
    const folder = await temporaryFolder();
    const place = await storeFor(kind, folder.path);
    const result = await crash({ place, folder: folder.path, kills: 3, reports: 300, restarts: 0 });
    await folder.remove();
    expect(result.faults).toEqual([]);
    expect(result.acknowledged).toBeGreaterThanOrEqual(300);
    // Some were killed before their answer came: that is what there is to be tested.
    expect(result.repeated).toBeGreaterThan(0);
  },
  300_000,
);
