import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { complaintAbout, recordHistory } from '@buildstate/conformance/model';
import type { StateStore } from '@buildstate/core';
import { openFileStore } from '@buildstate/state-stores/document';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import { openSqlite } from '@buildstate/state-stores/sqlite';
import { describe, expect, test } from 'vitest';
import { openTracker } from '../door/open-tracker.ts';
import { withoutVersionCheck } from './without-version-check.ts';

/** New at every run; the tests' names tell it. */
const seed = Math.floor(Math.random() * 2 ** 30);
const seeds = Array.from({ length: 10 }, (_, index) => seed + index);

/** Three engines, each over a store of its own at one place, and what is wrong with each of ten histories. */
async function complaints(open: () => StateStore, recentHeads = false): Promise<(string | undefined)[]> {
  const trackers = await Promise.all([0, 1, 2].map(() => openTracker(open, { recentHeads })));
  const doors = trackers.map(({ door }) => door);
  try {
    const found: (string | undefined)[] = [];
    for (const one of seeds) {
      const history = await recordHistory(doors, { clients: 8, operations: 100, seed: one });
      found.push(complaintAbout(history));
    }
    return found;
  } finally {
    for (const { remove } of trackers) await remove();
  }
}

describe(`eight clients of three engines, seed ${seed}`, () => {
  test.each([
    ['memory', false],
    ['sqlite', false],
    ['sqlite', true],
    ['file', false],
  ])(
    'see what can have happened one after the other, over %s (recent heads: %s)',
    async (kind, recentHeads) => {
      const folder = await mkdtemp(join(tmpdir(), 'buildstate-histories-'));
      const memory = createMemoryStore();
      const stores: Record<string, () => StateStore> = {
        memory: () => memory,
        sqlite: () => openSqlite(`sqlite://${join(folder, 'histories.db')}`),
        file: () => openFileStore(`file://${folder}`),
      };
      const found = await complaints(stores[kind] as () => StateStore, recentHeads);
      await rm(folder, { recursive: true, force: true });
      expect(found.filter((one) => one !== undefined)).toEqual([]);
    },
    180_000,
  );

  test('are noticed to have overwritten each other where a store does not compare versions', async () => {
    const memory = withoutVersionCheck(createMemoryStore());
    const found = await complaints(() => memory);
    expect(found.filter((one) => one !== undefined)).not.toEqual([]);
  }, 180_000);
});
