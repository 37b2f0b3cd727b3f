import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRetry, delaySeconds, policyOf, presets } from '../../src/index.ts';

const facts = { failures: 1, category: 'transient', now: 0, random: 0.5 } as const;

describe('policies', () => {
  it('are looked up by state, then project, then built in', () => {
    const own = { stateCode: 25, policy: presets.manual };
    const fallback = { stateCode: null, policy: presets.immediate };
    expect(policyOf({ retryPolicies: [own, fallback] }, 25).strategy).toBe('manual');
    expect(policyOf({ retryPolicies: [own, fallback] }, 70).strategy).toBe('immediate');
    expect(policyOf({ retryPolicies: [own] }, 70).strategy).toBe('notify');
    expect([5, 10, 45, 70].map((state) => policyOf({ retryPolicies: [] }, state).strategy)).toEqual([
      'backoff',
      'immediate',
      'standard',
      'notify',
    ]);
  });

  it('double their delay up to the longest', () => {
    const delays = [1, 2, 3, 4].map((failures) => delaySeconds(presets.backoff, failures, 0));
    expect(delays).toEqual([300, 600, 1200, 1800]);
  });

  it('never wait longer than the longest delay, nor less than nothing', () => {
    const policy = fc.record({
      initialDelaySeconds: fc.double({ min: 0, max: 1000, noNaN: true }),
      maxDelaySeconds: fc.double({ min: 0, max: 1000, noNaN: true }),
      multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
      jitter: fc.constantFrom('none' as const, 'full' as const),
    });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(policy, fc.integer({ min: 1, max: 10_000 }), random, (some, failures, chance) => {
        const delay = delaySeconds({ ...presets.standard, ...some }, failures, chance);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(some.maxDelaySeconds + 0.001);
      }),
    );
  });
});

it('waits not at all where the first delay is nothing, however often that is multiplied', () => {
  const policy = { ...presets.standard, initialDelaySeconds: 0, multiplier: 100 };
  expect(delaySeconds(policy, 10_000, 0)).toBe(0);
});

describe('decisions', () => {
  it('retry transient failures and say when', () => {
    expect(decideRetry(presets.standard, facts)).toMatchObject({
      retry: true,
      delaySeconds: 30,
      retryAt: '1970-01-01T00:00:30.000Z',
      notify: false,
    });
  });

  it('leave persistent failures to people and tell them', () => {
    expect(decideRetry(presets.standard, { ...facts, category: 'persistent' })).toMatchObject({
      retry: false,
      retryAt: null,
      notify: true,
    });
  });

  it('stop when all tries are used up', () => {
    const last = decideRetry(presets.standard, { ...facts, failures: 3 });
    expect(last).toMatchObject({ retry: false, attempt: 3, maxAttempts: 3, notify: true });
    expect(last.reason).toContain('used up');
  });

  it('tell a person at each failure where the policy says so', () => {
    expect(decideRetry(presets.notify, facts)).toMatchObject({ retry: true, notify: true });
  });
});
