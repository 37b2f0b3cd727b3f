import { makeChange, makeCreation, makeToken } from '@buildstate/conformance';
import type { StateStore, StoreHint } from '@buildstate/core';
import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { describe, expect, test, vi } from 'vitest';
import { addProject, openDatabase, openStore } from './place.ts';

async function watch(store: StateStore): Promise<{ hints: StoreHint[]; stop: () => Promise<void> }> {
  const hints: StoreHint[] = [];
  if (store.watch === undefined) throw new Error('the store gives no word');
  const stop = await store.watch((hint) => hints.push(hint));
  return { hints, stop };
}

describe('watching a PostgreSQL store', () => {
  test('hears of builds and keys that another instance wrote, and of nothing that was refused', async () => {
    const { url } = await newDatabase();
    const [one, two] = await Promise.all([openStore(url), openStore(url)]);
    const { hints } = await watch(one);
    const creation = makeCreation(await addProject(two));
    const buildId = creation.head.build.id;
    await two.createBuild(creation);
    const change = makeChange(creation.head);
    expect(await two.commitBuild(change)).toBe('applied');
    expect(await two.commitBuild(change)).toBe('conflict');
    const token = makeToken();
    await two.saveToken(token);
    await two.touchToken(token.id, token.createdAt);
    await vi.waitFor(() => expect(hints).toContainEqual({ kind: 'token', tokenId: token.id }));
    await vi.waitFor(() => expect(hints).toContainEqual({ kind: 'build', buildId, version: 2 }));
    expect(hints.filter(({ kind }) => kind === 'build').length).toBeLessThanOrEqual(2);
    expect(hints.filter(({ kind }) => kind === 'token')).toHaveLength(1);
  });

  test('tells stores in different schemas of one database apart, and stops when it is told to', async () => {
    const { url } = await newDatabase();
    const [one, two] = await Promise.all([openStore(url), openStore(`${url}?schema=other`)]);
    const [here, there] = [await watch(one), await watch(two)];
    const token = makeToken();
    await two.saveToken(token);
    await vi.waitFor(() => expect(there.hints).toEqual([{ kind: 'token', tokenId: token.id }]));
    await there.stop();
    await two.saveToken(makeToken());
    await one.saveToken(token);
    await vi.waitFor(() => expect(here.hints).toEqual([{ kind: 'token', tokenId: token.id }]));
    expect(there.hints).toHaveLength(1);
  });

  test('listens again after its connection was lost, and says that it may have missed something', async () => {
    const { url } = await newDatabase();
    const store = await openStore(url);
    const { hints } = await watch(store);
    const database = await openDatabase(url);
    await database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()",
    );
    await vi.waitFor(() => expect(hints).toEqual([{ kind: 'missed' }]), { timeout: 10_000 });
    const token = makeToken();
    await store.saveToken(token);
    await vi.waitFor(() => expect(hints).toContainEqual({ kind: 'token', tokenId: token.id }));
  });

  test('takes word that it does not understand for a sign that anything may have changed', async () => {
    const { url } = await newDatabase();
    const { hints } = await watch(await openStore(url));
    await (await openDatabase(url)).query(`select pg_notify('buildstate:public', '{"v":2}')`);
    await vi.waitFor(() => expect(hints).toEqual([{ kind: 'missed' }]));
  });

  test('holds up no commit while it tells: thousands of changes make few notifications', async () => {
    const { url } = await newDatabase();
    const store = await openStore(url);
    const project = await addProject(store);
    const listener = await openDatabase(url);
    let payloads = 0;
    listener.on('notification', () => {
      payloads += 1;
    });
    await listener.query('listen "buildstate:public"');
    const { hints } = await watch(store);
    const creations = Array.from({ length: 1000 }, () => makeCreation(project));
    await Promise.all(creations.map((creation) => store.createBuild(creation)));
    await vi.waitFor(() => expect(new Set(hints.map((hint) => JSON.stringify(hint))).size).toBe(1000), {
      timeout: 10_000,
    });
    expect(payloads).toBeLessThan(200);
  });
});
