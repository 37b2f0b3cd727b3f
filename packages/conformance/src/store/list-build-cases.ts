import type { BuildHead, BuildQuery } from '@buildstate/core';
import { expect, test } from 'vitest';
import { newId } from '../fixtures/ids.ts';
import { makeProject } from '../fixtures/project.ts';
import type { StoreBench } from './bench.ts';
import { expectBadCursorsRefused, readPages } from './paging.ts';

/** Lists of builds: order, filters, pages. */
export function listBuildCases(bench: StoreBench): void {
  const numbers = async (query: Partial<BuildQuery>) => {
    const { items } = await bench.store.listBuilds({ limit: 100, ...query });
    return items.map(({ buildNumber }) => buildNumber);
  };
  const create = (buildNumber: string, fields: object = {}) =>
    bench.create({ build: { buildNumber, ...fields } });

  test('lists builds as they are now, newest first', async () => {
    const heads = [await create('1'), await create('2'), await create('3')];
    const [first] = heads;
    if (first === undefined) return;
    const changed = await bench.commit(first, { build: { status: 'running', currentState: 30 } });
    const { items, next } = await bench.store.listBuilds({ limit: 100 });
    expect(items).toEqual([heads[2]?.build, heads[1]?.build, changed.build]);
    expect(next).toBeUndefined();
  });

  test('loads the records of some builds, deleted ones included, and leaves out what is not there', async () => {
    const [a, b] = [await create('a', { branchUntil: 90 }), await create('b')];
    await create('c');
    const branches = [
      {
        ...{ branchKey: 'eu', buildId: newId(), fromState: 30, until: 90, generation: 2, fingerprint: 'f' },
        ...{ replaces: newId(), letGoAt: null, undoneAt: a.build.createdAt },
      },
    ];
    const changed = await bench.commit(a, { build: { branches, deletedAt: a.build.createdAt } });
    const found = await bench.store.loadBuilds([b.build.id, newId(), a.build.id]);
    const byNumber = found.toSorted((one, other) => (one.buildNumber < other.buildNumber ? -1 : 1));
    expect(byNumber).toEqual([changed.build, b.build]);
    expect(await bench.store.loadBuilds([])).toEqual([]);
  });

  test('filters by project, status, platform, state, parent and age, alone and together', async () => {
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const platformId = newId();
    const parent = await create('parent', { currentState: 100, status: 'completed' });
    await create('child', { parentBuildId: parent.build.id, branchKey: 'eu', currentState: 35 });
    await create('aws', { platformId, platform: 'aws', currentState: 35, status: 'failed' });
    const newest = await create('late', { currentState: 36, status: 'failed' });
    await bench.create({ build: { buildNumber: 'foreign', status: 'failed' } }, other);
    expect(await numbers({ projectId: bench.project.id })).toEqual(['late', 'aws', 'child', 'parent']);
    expect(await numbers({ projectId: other.id })).toEqual(['foreign']);
    expect(await numbers({ projectId: newId() })).toEqual([]);
    expect(await numbers({ status: 'failed' })).toEqual(['foreign', 'late', 'aws']);
    expect(await numbers({ statuses: ['completed', 'failed'], projectId: bench.project.id })).toEqual([
      'late',
      'aws',
      'parent',
    ]);
    expect(await numbers({ statuses: [] })).toEqual([]);
    expect(await numbers({ platformId })).toEqual(['aws']);
    expect(await numbers({ stateMin: 35 })).toEqual(['late', 'aws', 'child', 'parent']);
    expect(await numbers({ stateMin: 35, stateMax: 35 })).toEqual(['aws', 'child']);
    expect(await numbers({ stateMax: 0 })).toEqual(['foreign']);
    expect(await numbers({ parentBuildId: parent.build.id })).toEqual(['child']);
    expect(await numbers({ since: newest.build.createdAt })).toEqual(['foreign', 'late']);
    expect(await numbers({ status: 'failed', stateMin: 36, projectId: bench.project.id })).toEqual(['late']);
  });

  test('finds a text in number or description, ignoring case and taking every character as it is', async () => {
    await create('Nightly-1', { description: 'Golden Image' });
    await create('nightly-2', { description: '100% done' });
    await create('weekly', { description: 'a_b\\c' });
    expect(await numbers({ q: 'NIGHTLY' })).toEqual(['nightly-2', 'Nightly-1']);
    expect(await numbers({ q: 'golden' })).toEqual(['Nightly-1']);
    expect(await numbers({ q: '%' })).toEqual(['nightly-2']);
    expect(await numbers({ q: '_' })).toEqual(['weekly']);
    expect(await numbers({ q: '\\c' })).toEqual(['weekly']);
    expect(await numbers({ q: 'absent' })).toEqual([]);
  });

  test('pages through builds of the same moment without a repeat or a gap', async () => {
    const createdAt = '2026-01-05T00:00:00.000Z';
    const made: string[] = [];
    for (let index = 0; index < 23; index += 1) {
      await create(`${index}`, index % 2 === 0 ? { createdAt } : {});
      made.push(`${index}`);
    }
    for (const limit of [1, 5, 22, 23, 24]) {
      const all = await readPages((query) => bench.store.listBuilds(query), limit);
      expect(all.map(({ buildNumber }) => buildNumber).toSorted()).toEqual(made.toSorted());
    }
  });

  test('pages on undisturbed while builds are made, changed and deleted', async () => {
    const heads: BuildHead[] = [];
    for (let index = 0; index < 12; index += 1) heads.push(await create(`${index}`));
    const disturb = async () => {
      await create(`new-${newId()}`);
      const [head] = heads.splice(0, 1);
      if (head) await bench.commit(head, { build: { currentState: 5 } });
    };
    const all = await readPages((query) => bench.store.listBuilds(query), 3, disturb);
    const seen = all.map(({ buildNumber }) => buildNumber);
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => `${11 - index}`));
  });

  test('pages with a filter, and leaves out as many as asked', async () => {
    for (let index = 0; index < 12; index += 1)
      await create(`${index}`, { status: index % 3 === 0 ? 'failed' : 'running' });
    const failed = await readPages((query) => bench.store.listBuilds({ ...query, status: 'failed' }), 2);
    expect(failed.map(({ buildNumber }) => buildNumber)).toEqual(['9', '6', '3', '0']);
    const page = await bench.store.listBuilds({ limit: 3, skip: 4 });
    expect(page.items.map(({ buildNumber }) => buildNumber)).toEqual(['7', '6', '5']);
    const rest = await bench.store.listBuilds({ limit: 3, cursor: page.next });
    expect(rest.items.map(({ buildNumber }) => buildNumber)).toEqual(['4', '3', '2']);
    expect((await bench.store.listBuilds({ limit: 3, skip: 12 })).items).toEqual([]);
  });

  test('refuses a cursor that it did not make', async () => {
    await create('1');
    await expectBadCursorsRefused((query) => bench.store.listBuilds(query));
  });
}
