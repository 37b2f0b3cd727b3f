import { expect, test } from 'vitest';
import { newId } from '../fixtures/ids.ts';
import { makeProject } from '../fixtures/project.ts';
import type { StoreBench } from './bench.ts';
import { expectBadCursorsRefused, readPages } from './paging.ts';

const names = (projects: readonly { readonly name: string }[]) => projects.map(({ name }) => name);

/** Projects: whole aggregates, compared and set by revision. */
export function projectCases(bench: StoreBench): void {
  test('loads a project by id and by name, exactly as it was saved', async () => {
    const project = makeProject({
      name: 'RHEL 9 ü',
      parentProjectId: bench.project.id,
      settings: { 'a b': [1, { __x: null }] },
      retryPolicies: [
        {
          stateCode: null,
          policy: {
            strategy: 'custom',
            maxAttempts: 4,
            initialDelaySeconds: 0.5,
            maxDelaySeconds: 9,
            multiplier: 1.5,
            jitter: 'full',
            retryOn: ['unknown'],
            notifyOn: 'never',
          },
        },
      ],
      failurePatterns: [],
    });
    expect(await bench.store.saveProject(project, 0)).toBe(true);
    expect(await bench.store.loadProject({ id: project.id })).toEqual(project);
    expect(await bench.store.loadProject({ name: project.name })).toEqual(project);
    expect(await bench.store.loadProject({ name: 'rhel 9 ü' })).toBeUndefined();
    expect(await bench.store.loadProject({ id: newId() })).toBeUndefined();
  });

  test('saves a change only on the revision that it was made on', async () => {
    const { project, store } = bench;
    const second = { ...project, revision: 2, description: 'second' };
    expect(await store.saveProject(second, 1)).toBe(true);
    expect(await store.saveProject({ ...project, revision: 2, description: 'late' }, 1)).toBe(false);
    expect(await store.saveProject({ ...project, revision: 9 }, 8)).toBe(false);
    expect(await store.loadProject({ id: project.id })).toEqual(second);
    expect(await store.loadProject({ name: project.name })).toEqual(second);
  });

  test('does not save what was never there as if it had been', async () => {
    const project = makeProject({ revision: 2 });
    expect(await bench.store.saveProject(project, 1)).toBe(false);
    expect(await bench.store.loadProject({ id: project.id })).toBeUndefined();
    expect(await bench.store.loadProject({ name: project.name })).toBeUndefined();
  });

  test('refuses a new project whose id or name is taken', async () => {
    const { project, store } = bench;
    expect(await store.saveProject(makeProject({ name: project.name }), 0)).toBe(false);
    expect(await store.saveProject(makeProject({ id: project.id }), 0)).toBe(false);
    expect((await store.listProjects({ limit: 10 })).items).toEqual([project]);
    const late = makeProject();
    expect(await store.saveProject({ ...late, id: project.id }, 0)).toBe(false);
    expect(await store.saveProject(late, 0)).toBe(true);
  });

  test('lists projects by name, deactivated ones only when asked', async () => {
    const { store } = bench;
    const wanted = ['B', 'a', 'c', 'ä', '\uFF5E', '\u{1F600}'];
    for (const name of wanted.toReversed()) await store.saveProject(makeProject({ name }), 0);
    const gone = makeProject({ name: 'b', deactivatedAt: '2026-01-01T00:00:00.000Z' });
    await store.saveProject(gone, 0);
    const own = bench.project.name;
    const live = ['B', 'a', 'c', own, ...wanted.slice(3)];
    const all = ['B', 'a', 'b', 'c', own, ...wanted.slice(3)];
    expect(names((await store.listProjects({ limit: 100 })).items)).toEqual(live);
    expect(await store.loadProject({ name: 'b' })).toEqual(gone);
    for (const limit of [1, 2, 100]) {
      const paged = await readPages(
        (query) => store.listProjects({ ...query, includeDeactivated: true }),
        limit,
      );
      expect(names(paged)).toEqual(all);
    }
    expect(names((await store.listProjects({ limit: 2, skip: 1 })).items)).toEqual(['a', 'c']);
    await expectBadCursorsRefused((query) => store.listProjects(query));
  });

  test('gives a name to exactly one of twenty projects that race for it', async () => {
    const stores = [bench.store, await bench.another()];
    const racers = Array.from({ length: 20 }, () => makeProject({ name: 'wanted' }));
    const saved = await Promise.all(
      racers.map((project, racer) => (stores[racer % 2] ?? bench.store).saveProject(project, 0)),
    );
    expect(saved.filter(Boolean)).toHaveLength(1);
    expect(await bench.store.loadProject({ name: 'wanted' })).toEqual(racers[saved.indexOf(true)]);
    expect(names((await bench.store.listProjects({ limit: 100 })).items)).toHaveLength(2);
  });

  test('applies exactly one of twenty changes of a project that race', async () => {
    const stores = [bench.store, await bench.another()];
    const racers = Array.from({ length: 20 }, (_, racer) => ({
      ...bench.project,
      revision: 2,
      description: `racer ${racer}`,
    }));
    const saved = await Promise.all(
      racers.map((project, racer) => (stores[racer % 2] ?? bench.store).saveProject(project, 1)),
    );
    expect(saved.filter(Boolean)).toHaveLength(1);
    expect(await bench.store.loadProject({ id: bench.project.id })).toEqual(racers[saved.indexOf(true)]);
  });
}
