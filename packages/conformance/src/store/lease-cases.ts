import type { Lease } from '@buildstate/core';
import { expect, test } from 'vitest';
import { makeLease } from '../fixtures/build.ts';
import { makeChange } from '../fixtures/change.ts';
import { makeAttempt } from '../fixtures/rows.ts';
import { loadHead, type StoreBench } from './bench.ts';

/** Heartbeats beside commits: neither disturbs the other. */
export function leaseCases(bench: StoreBench): void {
  const leased = async (lease: Partial<Lease> = {}) => {
    const head = await bench.create();
    return bench.commit(head, { head: { lease: makeLease(lease) } });
  };

  test('keeps a lease as it was written', async () => {
    const head = await leased();
    expect((await loadHead(bench.store, head.build.id)).lease).toEqual(head.lease);
    const bare = await leased({ identity: null, releasedAt: '2026-01-01T00:00:00.000Z', ttlSeconds: 1.5 });
    expect((await loadHead(bench.store, bare.build.id)).lease).toEqual(bare.lease);
  });

  test('renews from its own time, without a new version or an event', async () => {
    const head = await leased({ ttlSeconds: 90 });
    const { id } = head.build;
    const before = (await bench.load(id)).now;
    const renewed = await bench.store.renewLease(id, 1);
    const after = (await bench.load(id)).now;
    expect(renewed).toEqual({ ...head.lease, renewals: 1, expiresAt: renewed?.expiresAt });
    const base = Date.parse(renewed?.expiresAt ?? '') - 90_000;
    expect(base).toBeGreaterThanOrEqual(Math.floor(before));
    expect(base).toBeLessThanOrEqual(Math.ceil(after));
    expect(renewed?.expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const loaded = await bench.load(id);
    expect(loaded.snapshot).toEqual({ ...head, lease: renewed, project: bench.project });
    expect((await bench.store.listEvents(id, { limit: 10 })).items).toHaveLength(2);
  });

  test('renews an expired lease that nobody took over', async () => {
    const head = await leased({ expiresAt: '2026-01-01T00:00:00.000Z' });
    const renewed = await bench.store.renewLease(head.build.id, 1);
    expect(renewed?.renewals).toBe(1);
    expect(Date.parse(renewed?.expiresAt ?? '')).toBeGreaterThan(Date.now());
  });

  test('does not renew for an older token, a released lease, or a build without one', async () => {
    const newer = await leased({ token: 2 });
    expect(await bench.store.renewLease(newer.build.id, 1)).toBeUndefined();
    expect(await bench.store.renewLease(newer.build.id, 3)).toBeUndefined();
    const released = await leased({ releasedAt: '2026-01-01T00:00:00.000Z' });
    expect(await bench.store.renewLease(released.build.id, 1)).toBeUndefined();
    const never = await bench.create();
    expect(await bench.store.renewLease(never.build.id, 1)).toBeUndefined();
    for (const head of [newer, released])
      expect((await loadHead(bench.store, head.build.id)).lease).toEqual(head.lease);
  });

  test('keeps a renewal when a commit that did not change the lease comes after it', async () => {
    const head = await leased();
    const renewed = await bench.store.renewLease(head.build.id, 1);
    const change = makeChange(head, { build: { currentState: 5 }, attempts: [makeAttempt(head.build.id)] });
    expect(change.head.lease?.renewals).toBe(0);
    expect(await bench.store.commitBuild(change)).toBe('applied');
    const loaded = await loadHead(bench.store, head.build.id);
    expect(loaded.build.currentState).toBe(5);
    expect(loaded.lease).toEqual(renewed);
  });

  test('writes a lease that a commit changed over one that was renewed', async () => {
    const head = await leased();
    await bench.store.renewLease(head.build.id, 1);
    const taken = makeLease({ token: 2, holder: 'another@host-b' });
    await bench.commit(head, { head: { lease: taken } });
    expect((await loadHead(bench.store, head.build.id)).lease).toEqual(taken);
    expect(await bench.store.renewLease(head.build.id, 1)).toBeUndefined();
  });

  test('refuses a change that rests on a lease which was renewed or replaced since', async () => {
    const head = await leased();
    const { id } = head.build;
    const takeover = (token: number, renewals: number) =>
      bench.store.commitBuild(
        makeChange(head, {
          expected: { version: 2, lease: { token, renewals } },
          head: { lease: makeLease({ token: 2, holder: 'another@host-b' }) },
          attempts: [makeAttempt(id)],
        }),
      );
    await bench.store.renewLease(id, 1);
    expect(await takeover(1, 0)).toBe('conflict');
    expect(await takeover(7, 1)).toBe('conflict');
    expect((await loadHead(bench.store, id)).lease).toMatchObject({ token: 1, renewals: 1 });
    expect((await bench.store.listAttempts(id, { limit: 10 })).items).toEqual([]);
    expect(await takeover(1, 1)).toBe('applied');
    expect((await loadHead(bench.store, id)).lease).toMatchObject({ token: 2, renewals: 0 });
  });

  test('refuses a change that rests on a lease where there is none', async () => {
    const head = await bench.create();
    const change = makeChange(head, { expected: { version: 1, lease: { token: 1, renewals: 0 } } });
    expect(await bench.store.commitBuild(change)).toBe('conflict');
  });

  test('loses neither renewals nor commits when both come at once', async () => {
    let head = await leased();
    const { id } = head.build;
    const other = await bench.another();
    const renew = async () => {
      for (let round = 0; round < 15; round += 1) expect(await other.renewLease(id, 1)).toBeDefined();
    };
    const renewing = renew();
    for (let round = 0; round < 15; round += 1)
      head = await bench.commit(head, { attempts: [makeAttempt(id)] });
    await renewing;
    const final = await loadHead(bench.store, id);
    expect(final.lease?.renewals).toBe(15);
    expect(final.build.version).toBe(17);
    expect(final.counts.attempts).toBe(15);
  });
}
