import { referenceKinds } from '@buildstate/core';
import { expect, test } from 'vitest';
import { newId } from '../fixtures/ids.ts';
import { makeReference, makeToken } from '../fixtures/project.ts';
import type { StoreBench } from './bench.ts';
import { expectBadCursorsRefused, readPages } from './paging.ts';

const names = (references: readonly { readonly name: string }[]) => references.map(({ name }) => name);

/** Reference data and API keys. */
export function referenceCases(bench: StoreBench): void {
  test('keeps entries of every kind, each kind with names of its own', async () => {
    for (const kind of referenceKinds) {
      const entry = makeReference({ name: 'same', attributes: { region: 'eu', major_version: 9 } });
      expect(await bench.store.saveReference(kind, entry)).toBe(true);
      expect(await bench.store.loadReference(kind, { id: entry.id })).toEqual(entry);
      expect(await bench.store.loadReference(kind, { name: 'same' })).toEqual(entry);
    }
    expect(await bench.store.loadReference('platforms', { name: 'Same' })).toBeUndefined();
    expect(await bench.store.loadReference('platforms', { id: newId() })).toBeUndefined();
  });

  test('replaces an entry by id and refuses a name that another entry has', async () => {
    const { store } = bench;
    const [one, two] = [makeReference({ name: 'one' }), makeReference({ name: 'two' })];
    await store.saveReference('platforms', one);
    await store.saveReference('platforms', two);
    const changed = { ...one, description: 'changed', deactivatedAt: '2026-01-01T00:00:00.000Z' };
    expect(await store.saveReference('platforms', changed)).toBe(true);
    expect(await store.loadReference('platforms', { name: 'one' })).toEqual(changed);
    expect(await store.saveReference('platforms', makeReference({ name: 'one' }))).toBe(false);
    expect(await store.saveReference('platforms', { ...two, name: 'one' })).toBe(false);
    expect(await store.loadReference('platforms', { id: two.id })).toEqual(two);
  });

  test('adds an entry only where neither id nor name is taken, when that is expected', async () => {
    const { store } = bench;
    const entry = makeReference({ name: 'new' });
    expect(await store.saveReference('platforms', entry, null)).toBe(true);
    expect(await store.saveReference('platforms', { ...entry, name: 'other' }, null)).toBe(false);
    expect(await store.saveReference('platforms', makeReference({ name: 'new' }), null)).toBe(false);
    expect((await store.listReferences('platforms', { limit: 9 })).items).toEqual([entry]);
  });

  test('replaces an entry only while it is the one that was expected', async () => {
    const { store } = bench;
    const entry = makeReference({ name: 'one', updatedAt: '2026-01-01T00:00:00.000Z' });
    await store.saveReference('platforms', entry);
    const changes = Array.from({ length: 10 }, (_, index) => ({
      ...entry,
      description: `${index}`,
      updatedAt: '2026-01-01T00:00:00.001Z',
    }));
    const saved = await Promise.all(
      changes.map((change) => store.saveReference('platforms', change, entry.updatedAt)),
    );
    expect(saved.filter(Boolean)).toHaveLength(1);
    expect(await store.loadReference('platforms', { id: entry.id })).toEqual(changes[saved.indexOf(true)]);
    const absent = makeReference({ name: 'absent' });
    expect(await store.saveReference('platforms', absent, absent.updatedAt)).toBe(false);
    const other = makeReference({ name: 'two' });
    await store.saveReference('platforms', other);
    const renamed = { ...other, name: 'one' };
    expect(await store.saveReference('platforms', renamed, other.updatedAt)).toBe(false);
  });

  test('gives up the old name of an entry that gets a new one', async () => {
    const { store } = bench;
    const entry = makeReference({ name: 'old' });
    await store.saveReference('image_types', entry);
    const renamed = { ...entry, name: 'new' };
    expect(await store.saveReference('image_types', renamed)).toBe(true);
    expect(await store.loadReference('image_types', { name: 'new' })).toEqual(renamed);
    expect(await store.loadReference('image_types', { name: 'old' })).toBeUndefined();
    expect(await store.saveReference('image_types', makeReference({ name: 'old' }))).toBe(true);
    expect(names((await store.listReferences('image_types', { limit: 9 })).items)).toEqual(['new', 'old']);
  });

  test('lists entries by name, deactivated ones only when asked', async () => {
    const { store } = bench;
    for (const name of ['c', 'B', 'a']) await store.saveReference('os_versions', makeReference({ name }));
    const gone = makeReference({ name: 'b', deactivatedAt: '2026-01-01T00:00:00.000Z' });
    await store.saveReference('os_versions', gone);
    await store.saveReference('platforms', makeReference({ name: 'elsewhere' }));
    expect(names((await store.listReferences('os_versions', { limit: 9 })).items)).toEqual(['B', 'a', 'c']);
    const paged = await readPages(
      (query) => store.listReferences('os_versions', { ...query, includeDeactivated: true }),
      2,
    );
    expect(names(paged)).toEqual(['B', 'a', 'b', 'c']);
    expect((await store.listReferences('image_types', { limit: 9 })).items).toEqual([]);
    await expectBadCursorsRefused((query) => store.listReferences('os_versions', query));
  });

  test('gives a name to exactly one of twenty entries that race for it', async () => {
    const stores = [bench.store, await bench.another()];
    const racers = Array.from({ length: 20 }, () => makeReference({ name: 'wanted' }));
    const saved = await Promise.all(
      racers.map((entry, racer) => (stores[racer % 2] ?? bench.store).saveReference('platforms', entry)),
    );
    expect(saved.filter(Boolean)).toHaveLength(1);
    expect(await bench.store.loadReference('platforms', { name: 'wanted' })).toEqual(
      racers[saved.indexOf(true)],
    );
    expect((await bench.store.listReferences('platforms', { limit: 100 })).items).toHaveLength(1);
  });

  test('keeps API keys, oldest first, revoked ones included', async () => {
    const { store } = bench;
    const [first, second] = [
      makeToken({ scopes: [] }),
      makeToken({ scopes: ['admin'], projectId: bench.project.id }),
    ];
    await store.saveToken(second);
    await store.saveToken(first);
    expect(await store.loadToken(first.id)).toEqual(first);
    expect(await store.loadToken('absent')).toBeUndefined();
    expect(await store.listTokens()).toEqual([first, second]);
    const revoked = {
      ...first,
      revokedAt: '2026-01-01T00:00:00.000Z',
      lastUsedAt: '2026-01-01T00:00:00.000Z',
    };
    await store.saveToken(revoked);
    expect(await store.loadToken(first.id)).toEqual(revoked);
    expect(await store.listTokens()).toEqual([revoked, second]);
  });

  test('notes the use of an API key without undoing a revocation', async () => {
    const { store } = bench;
    const other = await bench.another();
    const token = makeToken();
    await store.saveToken(token);
    await other.touchToken(token.id, '2026-01-01T00:01:00.000Z');
    expect(await store.loadToken(token.id)).toEqual({ ...token, lastUsedAt: '2026-01-01T00:01:00.000Z' });
    const revoked = { ...token, revokedAt: '2026-01-01T00:02:00.000Z' };
    await Promise.all([
      store.saveToken(revoked),
      ...Array.from({ length: 10 }, (_, second) =>
        other.touchToken(token.id, `2026-01-01T00:03:0${second}.000Z`),
      ),
    ]);
    expect((await store.loadToken(token.id))?.revokedAt).toBe(revoked.revokedAt);
    await expect(store.touchToken('absent', '2026-01-01T00:01:00.000Z')).resolves.toBeUndefined();
    expect(await store.loadToken('absent')).toBeUndefined();
  });
}
