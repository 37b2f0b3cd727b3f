import fc from 'fast-check';
import { expect, it } from 'vitest';
import { durationTrends } from '../../src/figures/durations.ts';
import { failureTotals, failureTrends } from '../../src/figures/failures.ts';
import { at, found } from './facts.ts';

it('durations come from completed attempts whose start was seen, by project, state and time', () => {
  const day = 24 * 60;
  const trends = durationTrends(
    [
      found({ durationSeconds: 100, createdAt: at(0) }),
      found({ durationSeconds: 300, createdAt: at(day) }),
      found({ durationSeconds: 200, createdAt: at(day + 1) }),
      found({ durationSeconds: 9000, startInferred: true }),
      found({ durationSeconds: 9000, status: 'failed' }),
      found({ durationSeconds: null }),
      found({ state: 10, durationSeconds: 7 }),
      found({ durationSeconds: 1 }, { projectId: 'p0', project: 'appliance' }),
    ],
    'day',
  );
  expect(trends.map(({ project, state, count }) => [project, state, count])).toEqual([
    ['appliance', 5, 1],
    ['linux', 5, 3],
    ['linux', 10, 1],
  ]);
  expect(trends[1]).toMatchObject({ medianSeconds: 200, p90Seconds: 280, minSeconds: 100, maxSeconds: 300 });
  expect(trends[1]?.buckets).toMatchObject([
    { start: '2026-03-02T00:00:00.000Z', count: 1, medianSeconds: 100 },
    { start: '2026-03-03T00:00:00.000Z', count: 2, medianSeconds: 250 },
  ]);
});

it('failures are counted by category and component, with their share of what was tried', () => {
  const attempts = [
    found({ status: 'failed', errorCategory: 'transient', component: 'packer' }),
    found({ status: 'failed', errorCategory: null, state: 5, createdAt: at(60) }),
    found({ status: 'completed' }),
    found({ status: 'completed', state: 10 }),
    found({ status: 'abandoned' }),
  ];
  expect(failureTotals(attempts)).toEqual({
    failures: 2,
    completions: 2,
    failureRate: 0.5,
    categories: [
      { category: 'transient', count: 1 },
      { category: 'unknown', count: 1 },
    ],
    components: [
      { component: 'infrastructure', count: 1 },
      { component: 'packer', count: 1 },
    ],
  });
  const trends = failureTrends(attempts, 'hour');
  expect(trends).toHaveLength(1);
  expect(trends[0]).toMatchObject({ state: 5, failures: 2, completions: 1, failureRate: 0.6667 });
  expect(trends[0]?.buckets).toEqual([
    { start: at(0), failures: 1, completions: 1, failureRate: 0.5 },
    { start: at(60), failures: 1, completions: 0, failureRate: 1 },
  ]);
});

it('series and their buckets count every attempt once', () => {
  const some = fc.array(
    fc.record({
      state: fc.constantFrom(5, 10),
      status: fc.constantFrom('completed' as const, 'failed' as const),
      minute: fc.nat(50_000),
      project: fc.constantFrom('linux', 'appliance'),
    }),
  );
  fc.assert(
    fc.property(some, fc.constantFrom('hour' as const, 'day' as const, 'week' as const), (rows, size) => {
      const attempts = rows.map(({ state, status, minute, project }) =>
        found({ state, status, createdAt: at(minute) }, { project, projectId: project }),
      );
      const completed = rows.filter(({ status }) => status === 'completed').length;
      const durations = durationTrends(attempts, size);
      expect(durations.reduce((sum, { count }) => sum + count, 0)).toBe(completed);
      const failures = failureTrends(attempts, size);
      expect(failures.reduce((sum, one) => sum + one.failures, 0)).toBe(rows.length - completed);
      for (const { count, buckets } of durations)
        expect(buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(count);
      for (const one of failures)
        expect(one.buckets.reduce((sum, { failures: failed }) => sum + failed, 0)).toBe(one.failures);
    }),
  );
});
