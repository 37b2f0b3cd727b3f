import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateStore, WholeBuild } from '@buildstate/core';
import { openStateStore } from '@buildstate/state-stores';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Command, commands, firstBuilds, newWorld, type World } from '../equivalence/commands.ts';

const places = {
  'one SQLite file': (folder: string) => `sqlite://${folder}/builds.db`,
  'a folder of SQLite files': (folder: string) => `sqlite://${folder}/builds`,
  files: (folder: string) => `file://${folder}/builds`,
};

/** A world of random builds in memory. */
async function randomWorld(script: readonly Command[]): Promise<{ store: StateStore; world: World }> {
  const world = newWorld();
  const store = createMemoryStore();
  await store.saveProject(world.project, 0);
  for (const command of [...firstBuilds, ...script]) {
    await command(world)(store);
    for (const id of world.ids) {
      const loaded = await store.loadBuild(id);
      if (loaded === undefined) continue;
      const { project: _, ...head } = loaded.snapshot;
      const heads = world.seen.get(id) ?? [];
      if (heads.at(-1)?.build.version !== head.build.version) world.seen.set(id, [...heads, head]);
    }
  }
  return { store, world };
}

async function everything(store: StateStore): Promise<(WholeBuild | undefined)[]> {
  const { items } = await store.listBuildIds({ limit: 1000 });
  return Promise.all(items.map((id) => store.loadWholeBuild(id)));
}

async function copyAll(from: StateStore, to: StateStore, world: World): Promise<void> {
  await to.saveProject(world.project, 0);
  for (const whole of await everything(from))
    if (whole !== undefined) expect(await to.restoreBuild(whole)).toEqual({});
}

test.each(Object.entries(places))(
  'random builds come back from %s as they went in',
  async (_, uriOf) => {
    let rows = 0;
    await fc.assert(
      fc.asyncProperty(commands, async (script) => {
        const { store, world } = await randomWorld(script);
        const folder = await mkdtemp(join(tmpdir(), 'buildstate-whole-'));
        try {
          const place = await openStateStore(uriOf(folder));
          const back = createMemoryStore();
          await copyAll(store, place, world);
          await copyAll(place, back, world);
          await place.close();
          const before = await everything(store);
          expect(await everything(back)).toEqual(before);
          for (const whole of before) rows += whole?.events.length ?? 0;
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: 15 },
    );
    expect(rows).toBeGreaterThan(100);
  },
  120_000,
);
