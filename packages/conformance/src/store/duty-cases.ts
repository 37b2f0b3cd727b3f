import type { Duty, DutyClaim, DutyEnd, StateStore } from '@buildstate/core';
import { expect, test } from 'vitest';
import { newId } from '../fixtures/ids.ts';
import { BenchError, type StoreBench } from './bench.ts';

const claimOf = (fields: Partial<DutyClaim> = {}): DutyClaim => ({
  name: 'sweep',
  holder: newId(),
  ttlSeconds: 3600,
  ...fields,
});

const endOf = (fields: Partial<DutyEnd> = {}): DutyEnd => ({
  outcome: 'done',
  detail: '3 removed',
  failures: 0,
  dueInSeconds: 3600,
  ...fields,
});

async function take(store: StateStore, claim: DutyClaim): Promise<Duty> {
  const duty = await store.takeDuty(claim);
  if (duty === undefined) throw new BenchError(`the duty ${claim.name} was not given`);
  return duty;
}

/** Two times are so many milliseconds apart; a database may look at its clock twice within a statement. */
function expectApart(from: string | null, to: string | null, milliseconds: number): void {
  const apart = Date.parse(to ?? '') - Date.parse(from ?? '');
  expect(Math.abs(apart - milliseconds)).toBeLessThan(1000);
  for (const time of [from, to]) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
}

/** Work in the background is given to one process at a time. */
export function dutyCases(bench: StoreBench): void {
  test('gives a duty that nobody has done yet, by its own time', async () => {
    const claim = claimOf({ ttlSeconds: 90.5 });
    const duty = await take(bench.store, claim);
    const { takenAt, heldUntil } = duty;
    expectApart(takenAt, heldUntil, 90_500);
    expect(duty).toEqual({
      ...{ name: 'sweep', holder: claim.holder, token: 1, ttlSeconds: 90.5, takenAt, heldUntil },
      ...{ dueAt: null, endedAt: null, outcome: null, failures: 0, detail: null },
    });
    expect(await bench.store.listDuties()).toEqual([duty]);
  });

  test('gives a duty to one of twenty, over two instances', async () => {
    const stores = [bench.store, await bench.another()];
    const given = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (stores[index % 2] ?? bench.store).takeDuty(claimOf())),
    );
    const [first, ...others] = given.filter((duty) => duty !== undefined);
    expect(others).toEqual([]);
    expect(first?.token).toBe(1);
    expect(await bench.store.listDuties()).toEqual([first]);
  });

  test('gives other duties meanwhile, and lists them by name', async () => {
    const sweep = await take(bench.store, claimOf());
    const check = await take(bench.store, claimOf({ name: 'check ü/ö' }));
    expect(check.token).toBe(1);
    expect(await bench.store.listDuties()).toEqual([check, sweep]);
  });

  test('gives a duty to somebody else once its holder is silent for too long, with a new token', async () => {
    const first = await take(bench.store, claimOf({ ttlSeconds: 0 }));
    const second = await take(bench.store, claimOf());
    expect(second.token).toBe(first.token + 1);
    expect(await bench.store.renewDuty('sweep', first.token)).toBe(false);
    expect(await bench.store.endDuty('sweep', first.token, endOf())).toBe(false);
    await bench.store.releaseDuty('sweep', first.token);
    expect(await bench.store.listDuties()).toEqual([second]);
  });

  test('lets a holder go on that was silent for too long while nobody else came', async () => {
    const { token } = await take(bench.store, claimOf({ ttlSeconds: 0 }));
    expect(await bench.store.renewDuty('sweep', token)).toBe(true);
    expect(await bench.store.endDuty('sweep', token, endOf())).toBe(true);
  });

  test('renews from its own time', async () => {
    const duty = await take(bench.store, claimOf({ ttlSeconds: 3600 }));
    expect(await bench.store.renewDuty('sweep', duty.token)).toBe(true);
    const [renewed] = await bench.store.listDuties();
    expect(renewed).toEqual({ ...duty, heldUntil: renewed?.heldUntil });
    expect((renewed?.heldUntil ?? '') >= (duty.heldUntil ?? '')).toBe(true);
    expect(renewed?.heldUntil).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await bench.store.takeDuty(claimOf({ early: true }))).toBeUndefined();
  });

  test('notes how a duty ended, and gives it when it is due again', async () => {
    const duty = await take(bench.store, claimOf());
    expect(await bench.store.endDuty('sweep', duty.token, endOf({ dueInSeconds: 60.5 }))).toBe(true);
    const [done] = await bench.store.listDuties();
    const { endedAt, dueAt } = done as Duty;
    expectApart(endedAt, dueAt, 60_500);
    expect(done).toEqual({ ...duty, heldUntil: null, endedAt, dueAt, outcome: 'done', detail: '3 removed' });
    expect(await bench.store.takeDuty(claimOf())).toBeUndefined();
    expect(await bench.store.renewDuty('sweep', duty.token)).toBe(false);
    expect(await bench.store.endDuty('sweep', duty.token, endOf())).toBe(false);
  });

  test('gives a duty early to whoever asks for that', async () => {
    const { token } = await take(bench.store, claimOf());
    await bench.store.endDuty('sweep', token, endOf());
    const early = await take(bench.store, claimOf({ early: true }));
    expect(early).toMatchObject({ token: token + 1, outcome: 'done', detail: '3 removed' });
  });

  test('keeps a failure for whoever tries next', async () => {
    const { token } = await take(bench.store, claimOf());
    const failure = { outcome: 'failed', detail: 'ü broke', failures: 4, dueInSeconds: 0 } as const;
    await bench.store.endDuty('sweep', token, failure);
    const next = await take(bench.store, claimOf());
    expect(next).toMatchObject({ outcome: 'failed', detail: 'ü broke', failures: 4 });
    await bench.store.endDuty('sweep', next.token, endOf({ detail: null, dueInSeconds: 0 }));
    expect(await take(bench.store, claimOf())).toMatchObject({ outcome: 'done', detail: null, failures: 0 });
  });

  test('leaves a duty that was given back as due as it was', async () => {
    const first = await take(bench.store, claimOf());
    await bench.store.releaseDuty('sweep', first.token);
    expect(await bench.store.listDuties()).toEqual([{ ...first, heldUntil: null }]);
    expect((await take(bench.store, claimOf())).token).toBe(2);
  });

  test('says that a duty is not held that nobody ever took', async () => {
    expect(await bench.store.renewDuty('other', 1)).toBe(false);
    expect(await bench.store.endDuty('other', 1, endOf())).toBe(false);
    await expect(bench.store.releaseDuty('other', 1)).resolves.toBeUndefined();
    expect(await bench.store.listDuties()).toEqual([]);
  });

  test('finds nothing to tidy where everything is in use', async () => {
    const head = await bench.create();
    expect(await bench.store.tidy()).toBe(0);
    expect((await bench.load(head.build.id)).snapshot.build).toEqual(head.build);
  });

  if (bench.traits.capabilities.durable) {
    test('knows who has a duty after it was closed and opened again', async () => {
      const duty = await take(bench.store, claimOf());
      const store = await bench.reopen();
      expect(await store.listDuties()).toEqual([duty]);
      expect(await store.takeDuty(claimOf())).toBeUndefined();
      expect(await store.renewDuty('sweep', duty.token)).toBe(true);
    });
  }
}
