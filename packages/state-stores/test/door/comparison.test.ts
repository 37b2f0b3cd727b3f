import type { StateStore } from '@buildstate/core';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import { expect, it, onTestFinished } from 'vitest';
import { openTracker } from './open-tracker.ts';

it('compares builds of many attempts without reading all of one at once', async () => {
  const limits: number[] = [];
  const watched: StateStore = new Proxy(createMemoryStore(), {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (name === 'listAttempts' || name === 'listArtifacts') {
          limits.push((args[1] as { readonly limit: number }).limit);
        }
        return member.apply(target, args);
      };
    },
  });
  const { door, remove } = await openTracker(() => watched);
  onTestFinished(() => remove());
  const failures = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      state: 10,
      status: 'failed' as const,
      error_message: `failure ${index + 1}`,
    }));
  for (const [buildNumber, count] of [
    ['1', 450],
    ['2', 2],
  ] as const) {
    const { body: build } = await door.call('createBuild', { body: { project: 'images', buildNumber } });
    const params = { buildId: build.id };
    const { body } = await door.call('recordStates', { params, body: failures(count) });
    expect(body.recorded).toBe(count);
  }
  limits.length = 0;
  const { body } = await door.call('compareBuilds', { query: { ids: 'images:1,images:2' } });
  expect(Math.max(...limits)).toBeLessThanOrEqual(200);
  expect(body.states.map(({ builds }) => builds.map(({ attempts, message }) => [attempts, message]))).toEqual(
    [
      [
        [450, 'failure 450'],
        [2, 'failure 2'],
      ],
    ],
  );
});
