import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ComparedBuild, compareBuilds } from '../../src/figures/comparison.ts';
import { attempt } from './facts.ts';

it('shows of each build its last try at every state, and what is not the same', () => {
  const one: ComparedBuild = {
    id: '1',
    attempts: [
      attempt({ state: 5, artifactChecksum: `SHA256:${'AB'.repeat(32)}`, durationSeconds: 1 }),
      attempt({ state: 10, status: 'failed', errorMessage: 'disk full', message: 'trying' }),
      attempt({ state: 10, attempt: null, status: 'manual_retry', message: 'again' }),
      attempt({ state: 10, attempt: 2, message: 'fine' }),
    ],
    artifacts: [],
  };
  const two: ComparedBuild = {
    id: '2',
    attempts: [attempt({ state: 5, artifactChecksum: 'ab'.repeat(32), durationSeconds: 99 })],
    artifacts: [],
  };
  expect(compareBuilds([one, two])).toMatchObject([
    { state: 5, differs: [], builds: [{ durationSeconds: 1 }, { durationSeconds: 99 }] },
    {
      state: 10,
      differs: ['status', 'attempts', 'message'],
      builds: [
        { buildId: '1', status: 'completed', attempts: 2, message: 'fine' },
        { buildId: '2', status: null, attempts: 0, message: null, artifactChecksum: null },
      ],
    },
  ]);
});

it('finds no difference between a build and its copy, whatever it did', () => {
  const attempts = fc.array(
    fc
      .record({
        state: fc.constantFrom(0, 5, 10, 100),
        status: fc.constantFrom('completed' as const, 'failed' as const, 'in_progress' as const),
        message: fc.option(fc.string()),
      })
      .map(attempt),
  );
  fc.assert(
    fc.property(attempts, attempts, (some, more) => {
      const build = (id: string, all: typeof some) => ({ id, attempts: all, artifacts: [] });
      for (const { differs } of compareBuilds([build('1', some), build('2', some)]))
        expect(differs).toEqual([]);
      const states = compareBuilds([build('1', some), build('2', more)]).map(({ state }) => state);
      const tried = new Set([...some, ...more].map(({ state }) => state));
      expect(states).toEqual([...tried].sort((a, b) => a - b));
    }),
  );
});
