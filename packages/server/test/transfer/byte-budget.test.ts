import { UnavailableError } from '@buildstate/core';
import { systemClock } from '@buildstate/node-runtime';
import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../src/transfer/byte-budget.ts';

const patience = 5000;

async function settled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const first = await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, pending))]);
  return first !== pending;
}

describe('ByteBudget', () => {
  it('lets in what fits and makes the rest wait until something is given back', async () => {
    const budget = new ByteBudget(10, systemClock);
    const first = await budget.take(6, patience);
    const second = budget.take(6, patience);
    expect(await settled(second)).toBe(false);
    first();
    (await second)();
  });

  it('serves in the order of arrival, so that small ones do not starve a large one', async () => {
    const budget = new ByteBudget(10, systemClock);
    const first = await budget.take(6, patience);
    const large = budget.take(10, patience);
    const small = budget.take(1, patience);
    expect(await settled(small)).toBe(false);
    first();
    const giveLarge = await large;
    expect(await settled(small)).toBe(false);
    giveLarge();
    await small;
  });

  it('lets one in that is larger than the whole budget, alone', async () => {
    const budget = new ByteBudget(10, systemClock);
    const giveBack = await budget.take(1000, patience);
    const next = budget.take(1, patience);
    expect(await settled(next)).toBe(false);
    giveBack();
    await next;
  });

  it('counts what is given back twice once', async () => {
    const budget = new ByteBudget(10, systemClock);
    const giveBack = await budget.take(10, patience);
    giveBack();
    giveBack();
    await budget.take(10, patience);
    expect(await settled(budget.take(1, patience))).toBe(false);
  });

  it('refuses who waited too long, and serves those behind', async () => {
    const budget = new ByteBudget(10, systemClock);
    await budget.take(8, patience);
    const large = budget.take(5, 20);
    const small = budget.take(2, patience);
    await expect(large).rejects.toThrow(UnavailableError);
    await small;
  });
});
