import { expect, test } from 'vitest';
import { followModel } from './follow-model.ts';

test.each([
  ['memory', 150],
  ['sqlite', 60],
  ['folder', 20],
  ['file', 20],
] as const)(
  '%s does what the model of the domain says, in %i builds',
  async (kind, runs) => {
    const { done, refused } = await followModel(kind, runs);
    // The commands are worth something: of either fate there are some.
    expect(done).toBeGreaterThan(runs * 3);
    expect(refused).toBeGreaterThan(runs * 2);
  },
  180_000,
);
