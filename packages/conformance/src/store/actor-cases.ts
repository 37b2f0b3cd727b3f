import { newActorId, type StateStore, timestamp } from '@buildstate/core';
import { expect, test } from 'vitest';
import { newId } from '../fixtures/ids.ts';
import { testHash } from '../fixtures/sha256.ts';
import type { StoreBench } from './bench.ts';

const at = timestamp(Date.parse('2026-03-01T12:00:00Z'));

/** An id, made from what no other test has. */
const newActor = (): string =>
  newActorId({ random: (length) => Buffer.from(testHash.sha256Hex(newId()), 'hex').subarray(0, length) });

async function add(store: StateStore, name: string): Promise<string> {
  const id = newActor();
  expect(await store.addActor({ id, name, erasedAt: null, erasedBy: null })).toBe(true);
  return id;
}

/** Opaque ids stand for names, and names can go. */
export function actorCases(bench: StoreBench): void {
  test('knows actors by name and by id', async () => {
    const name = `${newId()}@häuser-1`;
    const id = await add(bench.store, name);
    const actor = { id, name, erasedAt: null, erasedBy: null };
    expect(await bench.store.findActors(name)).toEqual([actor]);
    expect(await bench.store.findActors(name.toUpperCase())).toEqual([]);
    expect(await bench.store.loadActors([newActor(), id])).toEqual([actor]);
    expect(await bench.store.loadActors([])).toEqual([]);
  });

  test('does not put an actor in the place of another one', async () => {
    const name = newId();
    const id = await add(bench.store, name);
    expect(await bench.store.addActor({ id, name: newId(), erasedAt: null, erasedBy: null })).toBe(false);
    expect(await bench.store.loadActors([id])).toEqual([{ id, name, erasedAt: null, erasedBy: null }]);
  });

  test('finds all actors of a name that several have', async () => {
    const name = newId();
    const ids = [await add(bench.store, name), await add(bench.store, name)];
    expect((await bench.store.findActors(name)).map(({ id }) => id)).toEqual(ids.toSorted());
  });

  test('takes a name from an actor once, after which it is free', async () => {
    const name = newId();
    const id = await add(bench.store, name);
    await bench.store.eraseActor(id, { at, by: 'actor-of-test' });
    await bench.store.eraseActor(id, { at: timestamp(Date.parse(at) + 1000), by: 'another' });
    await bench.store.eraseActor(newActor(), { at, by: 'another' });
    expect(await bench.store.loadActors([id])).toEqual([
      { id, name: null, erasedAt: at, erasedBy: 'actor-of-test' },
    ]);
    expect(await bench.store.findActors(name)).toEqual([]);
    const next = await add(bench.store, name);
    expect((await bench.store.findActors(name)).map((actor) => actor.id)).toEqual([next]);
  });

  test('takes in actors that were erased elsewhere, and lists all by id', async () => {
    const named = await add(bench.store, newId());
    const erased = { id: newActor(), name: null, erasedAt: at, erasedBy: 'actor-of-test' };
    expect(await bench.store.addActor(erased)).toBe(true);
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await bench.store.listActors({ limit: 2, cursor });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toEqual(expect.arrayContaining([named, erased.id]));
  });
}
