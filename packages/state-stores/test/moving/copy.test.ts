import type { StateStore } from '@buildstate/core';
import { openStateStore } from '@buildstate/state-stores';
import { copyStore, leasedBuilds } from '@buildstate/state-stores/moving';
import { describe, expect, test } from 'vitest';
import { storeRecords } from '../../src/moving/store-records.ts';
import { textOf } from '../../src/moving/wire-form.ts';
import { addresses, fill, newFolder, opened } from './places.ts';

async function texts(store: StateStore): Promise<string[]> {
  const found: string[] = [];
  for await (const record of storeRecords(store)) found.push(textOf(record));
  return found;
}

describe.each(Object.entries(addresses))('from %s', (_, fromAddress) => {
  test.each(Object.entries(addresses))(
    'to %s everything is copied, verified, and the same',
    async (__, toAddress) => {
      const from = await opened(fromAddress(await newFolder()));
      const to = await opened(toAddress(await newFolder()));
      await fill(from);
      const before = await texts(from);
      const { written, verified, sha256, conflicts } = await copyStore(from, to);
      expect(conflicts).toEqual([]);
      expect(verified).toEqual(written);
      expect(written.builds).toBe(3);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(await texts(to)).toEqual(before);
      expect(await texts(from)).toEqual(before);
      const again = await copyStore(from, to);
      expect(again.identical).toEqual(written);
      expect(again.sha256).toBe(sha256);
    },
  );
});

test('a store that loses what it acknowledged is found out', async () => {
  const from = await opened('memory:');
  await fill(from);
  const honest = await openStateStore('memory:');
  const forgetful = new Proxy(honest, {
    get(target, name) {
      if (name === 'loadWholeBuild') return async () => undefined;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  await expect(copyStore(from, forgetful)).rejects.toThrow(/has lost build linux:1/);
});

test('builds that somebody works on are known', async () => {
  const store = await opened('memory:');
  const [id = ''] = await fill(store, 1);
  expect(await leasedBuilds(store)).toEqual([]);
  const loaded = await store.loadBuild(id);
  if (loaded === undefined) throw new Error('the build is there');
  const { project: _, ...head } = loaded.snapshot;
  const lease = {
    holder: 'worker',
    identity: null,
    token: 1,
    ttlSeconds: 60,
    acquiredAt: new Date().toISOString(),
    renewals: 0,
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    releasedAt: null,
  };
  await store.commitBuild({
    expected: { version: head.build.version },
    head: { ...head, build: { ...head.build, version: head.build.version + 1 }, lease },
    leaseChanged: true,
    states: [],
    attempts: [],
    artifacts: [],
    variables: [],
    resumeRequests: [],
    jobs: [],
    events: [],
  });
  expect(await leasedBuilds(store)).toMatchObject([{ build: { id }, lease: { holder: 'worker' } }]);
});
