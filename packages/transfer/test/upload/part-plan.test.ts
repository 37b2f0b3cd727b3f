import { LimitError } from '@buildstate/core/light';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planParts } from '../../src/upload/part-plan.ts';
import { mebibyte } from '../tools.ts';

const s3 = { minPartBytes: 5 * mebibyte, maxParts: 10_000, maxPartBytes: 5120 * mebibyte, equalParts: false };
const wish = { partBytes: 8 * mebibyte, memoryBudgetBytes: 64 * mebibyte };

function partsNeeded(sizeBytes: number, partBytes: (number: number) => number): number {
  let number = 0;
  for (let left = sizeBytes; left > 0; left -= partBytes(number)) number += 1;
  return number;
}

describe('a plan for a source of known size', () => {
  it('uses parts of 8 MiB for everything up to 80,000 MiB', () => {
    for (const sizeBytes of [0, 1, 8 * mebibyte, 80_000 * mebibyte]) {
      expect(planParts({ ...wish, sizeBytes, capabilities: s3 }).partBytes(1)).toBe(8 * mebibyte);
    }
  });

  it('uses larger parts beyond', () => {
    const plan = planParts({ ...wish, sizeBytes: 80_000 * mebibyte + 1, capabilities: s3 });
    expect(plan.partBytes(1)).toBe(9 * mebibyte);
  });

  it('never needs more parts than there are, for any size and any limits', () => {
    const inputs = fc.record({
      sizeBytes: fc.nat({ max: 2 ** 45 }),
      partBytes: fc.integer({ min: 1, max: 2 ** 30 }),
      minPartBytes: fc.integer({ min: 1, max: 2 ** 27 }),
      maxParts: fc.integer({ min: 1, max: 10_000 }),
      equalParts: fc.boolean(),
    });
    fc.assert(
      fc.property(inputs, ({ sizeBytes, partBytes, minPartBytes, maxParts, equalParts }) => {
        const capabilities = { minPartBytes, maxParts, maxPartBytes: 2 ** 46, equalParts };
        const plan = planParts({ ...wish, sizeBytes, partBytes, capabilities });
        expect(Math.ceil(sizeBytes / plan.partBytes(1))).toBeLessThanOrEqual(maxParts);
        expect(plan.partBytes(1)).toBeGreaterThanOrEqual(minPartBytes);
      }),
    );
  });

  it('refuses a source that does not fit, before anything is sent', () => {
    const sizeBytes = s3.maxParts * s3.maxPartBytes + 1;
    expect(() => planParts({ ...wish, sizeBytes, capabilities: s3 })).toThrow(LimitError);
  });
});

describe('a plan for a stream', () => {
  it('grows, so that the parts do not run out', () => {
    const { partBytes } = planParts({ ...wish, capabilities: s3 });
    expect([1, 1000, 1001, 2001, 10_000].map(partBytes)).toEqual(
      [8, 8, 16, 32, 32].map((size) => size * mebibyte),
    );
    expect(partsNeeded(250 * 1024 * mebibyte, partBytes)).toBeLessThanOrEqual(s3.maxParts);
  });

  it('grows to at most half of the memory', () => {
    const { partBytes } = planParts({ ...wish, memoryBudgetBytes: 1024 * mebibyte, capabilities: s3 });
    expect(partBytes(10_000)).toBe(512 * mebibyte);
  });

  it('does not grow where parts must be equal', () => {
    const { partBytes } = planParts({ ...wish, capabilities: { ...s3, equalParts: true } });
    expect([1, 5000, 10_000].map(partBytes)).toEqual([8, 8, 8].map((size) => size * mebibyte));
  });

  it('refuses the part after the last one', () => {
    const { partBytes } = planParts({ ...wish, capabilities: s3 });
    expect(() => partBytes(10_001)).toThrow(LimitError);
  });
});
