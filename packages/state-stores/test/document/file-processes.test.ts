import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAttempt, makeChange, makeCreation, makeProject } from '@buildstate/conformance';
import { DocumentStore, FileDriver } from '@buildstate/state-stores/document';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnWorker, type Worker } from './workers/spawn-worker.ts';

let folder: string;
let buildId: string;
const workers: Worker[] = [];

function start(...args: readonly string[]): Worker {
  const worker = spawnWorker(...args);
  workers.push(worker);
  return worker;
}

async function withStore<T>(work: (store: DocumentStore) => Promise<T>): Promise<T> {
  const store = new DocumentStore(new FileDriver(folder));
  await store.open();
  const result = await work(store);
  await store.close();
  return result;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'buildstate-processes-'));
  const project = makeProject();
  const creation = makeCreation(project);
  buildId = creation.head.build.id;
  await withStore(async (store) => {
    await store.saveProject(project, 0);
    await store.createBuild(creation);
  });
});
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    worker.process.kill('SIGKILL');
    await worker.ended;
  }
  await rm(folder, { recursive: true, force: true });
});

test('five processes on one build apply every version exactly once, and a reader sees no older or torn state', async () => {
  const reader = start('reader', folder, buildId);
  await reader.said('reading');
  const writers = Array.from({ length: 5 }, () => start('writer', folder, buildId, '40'));
  for (const writer of writers) expect(await writer.ended).toBe(0);
  reader.process.stdin?.write('stop\n');
  expect(await reader.ended).toBe(0);
  expect(reader.lines.at(-1)).toEqual(['saw', '201']);

  const applied = writers.flatMap(({ lines }) => lines);
  const versions = applied.map(([, version]) => Number(version)).toSorted((a, b) => a - b);
  expect(versions).toEqual(Array.from({ length: 200 }, (_, index) => index + 2));
  await withStore(async (store) => {
    for (const [, version, eventId] of applied) {
      const loaded = await store.loadBuild(buildId, { eventId });
      expect(loaded?.answered?.answer).toBe(Number(version));
    }
    const { items } = await store.listEvents(buildId, { limit: 1000 });
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: 201 }, (_, index) => index + 1));
    expect((await store.listAttempts(buildId, { limit: 1000 })).items).toHaveLength(200);
  });
}, 120_000);

test('nothing that was acknowledged is lost when the writer is killed at random moments, and others go on', async () => {
  const applied: string[][] = [];
  const created: string[][] = [];
  for (let round = 0; round < 25; round += 1) {
    const worker = start('endless', folder, buildId);
    await worker.said('applied');
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    worker.process.kill('SIGKILL');
    expect(await worker.ended).toBe('SIGKILL');
    applied.push(...worker.lines.filter(([what]) => what === 'applied'));
    created.push(...worker.lines.filter(([what]) => what === 'created'));

    await withStore(async (store) => {
      const newest = Math.max(...applied.map(([, , version]) => Number(version)));
      const loaded = await store.loadBuild(buildId);
      if (loaded === undefined) throw new Error('the build is gone');
      expect(loaded.snapshot.build.version).toBeGreaterThanOrEqual(newest);
      if (round % 5 === 4) await store.sweep(0);
      const change = makeChange(loaded.snapshot, { attempts: [makeAttempt(buildId)] });
      // The sweep leaves the version alone, so the change is still what was decided.
      expect(await store.commitBuild(change)).toBe('applied');
    });
  }

  await withStore(async (store) => {
    for (const [, id = '', version, eventId] of applied)
      expect((await store.loadBuild(id, { eventId }))?.answered?.answer).toBe(Number(version));
    for (const [, id = '', buildNumber] of created) {
      const build = (await store.loadBuild(id))?.snapshot.build;
      expect(build?.buildNumber).toBe(buildNumber);
      expect(build?.metadata).toEqual({ text: 'x'.repeat(400) });
      const projectId = build?.projectId ?? '';
      expect(await store.findBuilds({ projectId, buildNumber: buildNumber ?? '' })).toEqual([id]);
    }
    const final = await store.loadBuild(buildId, { attempts: { stateAbove: -1, statuses: ['completed'] } });
    const { items } = await store.listEvents(buildId, { limit: 10_000 });
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1));
    expect(items).toHaveLength(final?.snapshot.build.version ?? 0);
    expect(final?.attempts).toHaveLength(final?.snapshot.counts.attempts ?? -1);
  });
  expect(applied.length).toBeGreaterThan(25);
  expect(created.length).toBeGreaterThan(25);
}, 180_000);
