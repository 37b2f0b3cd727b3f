import { expect, it } from 'vitest';
import { residentMemory, slopeOf } from './resident-memory.ts';

it('is told by Linux for this process', () => {
  expect(residentMemory(process.pid)).toBeGreaterThan(10);
  expect(residentMemory(process.pid)).toBeCloseTo(process.memoryUsage.rss() / 2 ** 20, -2);
});

it('grows as fast as the line through its values', () => {
  expect(slopeOf([5, 5, 5, 5])).toBe(0);
  expect(slopeOf([1, 3, 5, 7])).toBeCloseTo(2);
  expect(slopeOf([10, 30, 10, 30, 10])).toBeCloseTo(0);
});
