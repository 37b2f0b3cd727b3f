import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, StateStore } from '@buildstate/core';
import { systemClock } from '@buildstate/node-runtime';
import { DocumentStore, FileDriver } from '@buildstate/state-stores/document';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MapDriver } from '../document/map-driver.ts';
import { type Command, commands, firstBuilds, newWorld, type World } from './commands.ts';
import { observe } from './observe.ts';

/** All stores have the same time, so that heartbeats give the same leases. */
const clock: Clock = { ...systemClock, now: () => Date.parse('2026-06-01T00:00:00.000Z') };
const limits = { entryBytes: 600, partBytes: 100, tailBytes: 1200, tailEntries: 3, segments: 2 };

const memory = () => createMemoryStore({ clock });

let applied = 0;
let refused = 0;

/** Does every command to both stores, and compares each answer and, at the end, everything that they show. */
async function compare(one: StateStore, two: StateStore, script: readonly Command[]): Promise<void> {
  const world = newWorld();
  for (const store of [one, two]) {
    await store.open();
    await store.saveProject(world.project, 0);
  }
  for (const command of [...firstBuilds, ...script]) {
    const action = command(world);
    const answer = await action(one);
    expect(await action(two)).toEqual(answer);
    if (answer === 'applied') applied += 1;
    if (answer === 'conflict') refused += 1;
    await look(one, world);
  }
  expect(await observe(two, world)).toEqual(await observe(one, world));
  await Promise.all([one.close(), two.close()]);
}

/** Remembers the heads that there are now, so that later commands build on them, or on older ones. */
async function look(store: StateStore, world: World): Promise<void> {
  for (const id of world.ids) {
    const loaded = await store.loadBuild(id);
    if (loaded === undefined) continue;
    const heads = world.seen.get(id) ?? [];
    const { project, ...head } = loaded.snapshot;
    if (heads.at(-1)?.build.version !== head.build.version) heads.push(head);
    else heads[heads.length - 1] = head;
    world.seen.set(id, heads);
  }
}

test('documents give the same answers to the same random commands as memory', async () => {
  await fc.assert(
    fc.asyncProperty(commands, (script) =>
      compare(memory(), new DocumentStore(new MapDriver(), { clock, limits }), script),
    ),
    { numRuns: 60 },
  );
  // The commands are worth something: changes of either fate are among them.
  expect(applied).toBeGreaterThan(300);
  expect(refused).toBeGreaterThan(50);
}, 120_000);

test('files give the same answers to the same random commands as memory', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (script) => {
      const folder = await mkdtemp(join(tmpdir(), 'buildstate-same-'));
      await compare(memory(), new DocumentStore(new FileDriver(folder), { clock }), script);
      await rm(folder, { recursive: true, force: true });
    }),
    { numRuns: 15 },
  );
}, 120_000);
