import {
  type FaultPlan,
  faultyDriver,
  makeAttempt,
  makeChange,
  makeCreation,
  makeProject,
  newId,
  onlyNth,
} from '@buildstate/conformance';
import { type BuildHead, StoreError, silentLogger } from '@buildstate/core';
import { systemClock } from '@buildstate/node-runtime';
import { DocumentStore, type StoredDocument } from '@buildstate/state-stores/document';
import { beforeEach, expect, test } from 'vitest';
import { MapDriver } from './map-driver.ts';

const limits = { entryBytes: 200, partBytes: 50, tailBytes: 400, tailEntries: 2, segments: 2 };
const project = makeProject();
let documents: Map<string, StoredDocument>;
let head: BuildHead;

const storeOn = (driver: MapDriver) => new DocumentStore(driver, { limits });
const healthy = () => storeOn(new MapDriver(documents));
const failing = (plan: FaultPlan) => storeOn(faultyDriver(new MapDriver(documents), ['putIfVersion'], plan));
/** A clock on which everything was written days ago. */
const later = { ...systemClock, now: () => systemClock.now() + 3 * 86_400_000 };
const names = () => [...documents.keys()].filter((key) => /\/(segments|entries|parts)\//.test(key));

/** A change that writes a segment, rows and a part of their own. */
const largeChange = (from: BuildHead) =>
  makeChange(from, {
    build: { metadata: { text: newId().repeat(20) } },
    attempts: [makeAttempt(from.build.id, { message: 'x'.repeat(500) })],
    report: { eventId: newId(), answer: {} },
  });

beforeEach(async () => {
  documents = new Map();
  const store = healthy();
  await store.saveProject(project, 0);
  const creation = makeCreation(project);
  await store.createBuild(creation);
  head = creation.head;
  for (let round = 0; round < 12; round += 1) {
    const change = largeChange(head);
    await store.commitBuild(change);
    head = change.head;
  }
});

const everything = async () => ({
  head: (await healthy().loadBuild(head.build.id))?.snapshot,
  attempts: (await healthy().listAttempts(head.build.id, { limit: 100 })).items,
  events: (await healthy().listEvents(head.build.id, { limit: 100 })).items,
});

test('a sweep removes what a dead writer left, and nothing else', async () => {
  const before = await everything();
  const named = names();
  for (const call of [2, 3, 4, 5])
    await failing(onlyNth(call, 'crash')).commitBuild(largeChange(head)).catch(String);
  const orphans = names().length - named.length;
  expect(orphans).toBeGreaterThan(3);
  expect(await healthy().sweep()).toEqual({ removed: 0 });
  expect(names()).toHaveLength(named.length + orphans);
  expect(await healthy().sweep(-1)).toEqual({ removed: orphans });
  expect(names()).toEqual(named);
  expect(await healthy().sweep(-1)).toEqual({ removed: 0 });
  expect(await everything()).toEqual(before);
});

test('a sweep leaves a build alone that has nothing to remove', async () => {
  const before = documents.get(`heads/${head.build.id}`);
  await healthy().sweep(-1);
  expect(documents.get(`heads/${head.build.id}`)).toBe(before);
});

test('writers that lose a race leave nothing to sweep', async () => {
  const results = await Promise.all(
    Array.from({ length: 6 }, () => healthy().commitBuild(largeChange(head))),
  );
  expect(results.toSorted()).toEqual(['applied', ...Array.from({ length: 5 }, () => 'conflict')]);
  expect(await healthy().sweep(-1)).toEqual({ removed: 0 });
});

test('a reader whose head was replaced before it came to its parts reads the newer one', async () => {
  const change = largeChange(head);
  let replaced = false;
  class Overtaken extends MapDriver {
    override async get(key: string) {
      if (key.includes('/parts/') && !replaced) {
        replaced = true;
        await healthy().commitBuild(change);
      }
      return super.get(key);
    }
  }
  const loaded = await storeOn(new Overtaken(documents)).loadBuild(head.build.id);
  expect(replaced).toBe(true);
  expect(loaded?.snapshot).toEqual({ ...change.head, project });
  replaced = false;
  const next = largeChange(change.head);
  Object.assign(change, next);
  const { items } = await storeOn(new Overtaken(documents)).listBuilds({ limit: 10 });
  expect(items).toEqual([next.head.build]);
});

test('a writer that was suspended between its documents and its head writes them again after a sweep', async () => {
  let wakeUp: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => {
    wakeUp = resolve;
  });
  const suspended = Promise.withResolvers<void>();
  class Suspending extends MapDriver {
    override async putIfVersion(key: string, text: string, expected: string | null) {
      if (key.startsWith('heads/')) {
        suspended.resolve();
        await asleep;
      }
      return super.putIfVersion(key, text, expected);
    }
  }
  const change = largeChange(head);
  const committing = storeOn(new Suspending(documents)).commitBuild(change);
  await suspended.promise;
  expect((await healthy().sweep(-1)).removed).toBeGreaterThan(0);
  wakeUp();
  expect(await committing).toBe('applied');
  const after = await everything();
  expect(after.head).toEqual({ ...change.head, project });
  expect(after.attempts).toHaveLength(13);
  expect(after.events).toHaveLength(14);
});

test('sweeps beside writers disturb nobody', async () => {
  const store = healthy();
  let sweeping = true;
  const sweeper = (async () => {
    while (sweeping) await healthy().sweep(-1);
  })();
  for (let round = 0; round < 40; round += 1) {
    const change = largeChange(head);
    expect(await store.commitBuild(change)).toBe('applied');
    head = change.head;
  }
  sweeping = false;
  await sweeper;
  expect((await everything()).attempts).toHaveLength(52);
});

async function withOrphans(): Promise<{ readonly named: string[]; readonly orphans: number }> {
  const named = names();
  for (const call of [2, 3, 4])
    await failing(onlyNth(call, 'crash')).commitBuild(largeChange(head)).catch(String);
  return { named, orphans: names().length - named.length };
}

test('opening a store now and then sweeps a few builds, and closing waits for it', async () => {
  const { named, orphans } = await withOrphans();
  expect(orphans).toBeGreaterThan(0);
  const opened = async (sweepShare: number, clock = later) => {
    const store = new DocumentStore(new MapDriver(documents), { limits, clock, sweepShare });
    await store.open();
    await store.close();
  };
  await opened(0);
  await opened(1, systemClock);
  expect(names()).toHaveLength(named.length + orphans);
  await opened(1);
  expect(names()).toEqual(named);
});

test('a sweep in passing looks at eight builds, however many there are, and its failure is only logged', async () => {
  for (let count = 0; count < 20; count += 1) await healthy().createBuild(makeCreation(project));
  const driver = new MapDriver(documents);
  const store = new DocumentStore(driver, { limits, clock: later, sweepShare: 1 });
  await store.open();
  await store.close();
  // Each build is read twice at most, besides the mark of the layout.
  expect(driver.calls.get).toBeLessThan(60);
  class Failing extends MapDriver {
    override list(): Promise<never> {
      return Promise.reject(new StoreError('The place is gone.'));
    }
  }
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (_: unknown, text: string) => void warnings.push(text) };
  const broken = new DocumentStore(new Failing(documents), { limits, logger, sweepShare: 1 });
  await broken.open();
  await broken.close();
  expect(warnings).toEqual(['Documents that dead writers left could not be removed.']);
});
