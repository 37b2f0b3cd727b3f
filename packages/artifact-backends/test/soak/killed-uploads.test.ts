import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { killUploads } from './kill-uploads.ts';
import { killedStore } from './killed-stores.ts';

describe('an upload whose process is killed again and again', { timeout: 600_000 }, () => {
  it.each([
    ['at every part boundary and around every write of its journal', 'folder', 2, 1],
    ['anywhere, with several parts on their way', 's3', 12, 4],
  ])('%s, is completed, and nothing is left (%s)', async (_, kind, parts, concurrency) => {
    const folder = temporaryFolder();
    const store = await killedStore(kind, folder);
    try {
      const killing = { store, folder: join(folder, 'work'), parts, partBytes: 4096, concurrency };
      const { kills, faults } = await killUploads(killing);
      expect(faults).toEqual([]);
      expect(kills).toBeGreaterThanOrEqual(concurrency === 1 ? 4 * parts : 2);
    } finally {
      await store.close();
    }
  });
});
