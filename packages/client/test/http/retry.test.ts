import { UnavailableError } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { retryAfter } from '../../src/http/answer.ts';
import { defaultLimits, resolveLimits } from '../../src/http/limits.ts';
import { type TryOutcome, withRetries } from '../../src/http/retry.ts';
import { FakeClock } from '../support/fake-clock.ts';

const error = new UnavailableError('Away.');

function outcomes(...list: TryOutcome<string>[]) {
  let next = 0;
  return {
    count: () => next,
    tryOnce: async () => list[Math.min(next++, list.length - 1)] as TryOutcome<string>,
  };
}

function setting(random: () => number, repeatable = true) {
  const clock = new FakeClock();
  return { clock, context: { clock, random, repeatable } };
}

describe('the pauses between tries', () => {
  it('are random up to one and three seconds', async () => {
    const { clock, context } = setting(() => 0.999);
    await expect(
      withRetries(defaultLimits, context, outcomes({ error, transient: true }).tryOnce),
    ).rejects.toBe(error);
    expect(clock.sleeps).toEqual([999, 2997]);
  });

  it('may be nothing at all, so that clients do not come back together', async () => {
    const { clock, context } = setting(() => 0);
    const { tryOnce, count } = outcomes({ error, transient: true }, { result: 'ok' });
    expect(await withRetries(defaultLimits, context, tryOnce)).toBe('ok');
    expect([count(), clock.sleeps]).toEqual([2, [0]]);
  });

  it('are what the server asks for, but never over ten seconds', async () => {
    const { clock, context } = setting(() => 0.5);
    const asked = outcomes(
      { error, transient: true, pauseMs: 2500 },
      { error, transient: true, pauseMs: 86_400_000 },
    );
    await expect(withRetries(defaultLimits, context, asked.tryOnce)).rejects.toBe(error);
    expect(clock.sleeps).toEqual([2500, 10_000]);
    expect(asked.count()).toBe(3);
  });

  it('are not begun when the total time would be over before the next try', async () => {
    const { clock, context } = setting(() => 0.5);
    const limits = { ...defaultLimits, totalMs: 4000 };
    const asked = outcomes({ error, transient: true, pauseMs: 5000 });
    await expect(withRetries(limits, context, asked.tryOnce)).rejects.toBe(error);
    expect([asked.count(), clock.sleeps]).toEqual([1, []]);
  });
});

describe('a failure', () => {
  it('is final when no repetition can help, or when a repetition could do harm', async () => {
    const permanent = outcomes({ error, transient: false });
    await expect(withRetries(defaultLimits, setting(() => 0).context, permanent.tryOnce)).rejects.toBe(error);
    const harmful = outcomes({ error, transient: true });
    await expect(withRetries(defaultLimits, setting(() => 0, false).context, harmful.tryOnce)).rejects.toBe(
      error,
    );
    expect([permanent.count(), harmful.count()]).toEqual([1, 1]);
  });

  it('leaves the next try no more than what is left of the total time', async () => {
    const { clock, context } = setting(() => 0);
    const given: number[] = [];
    await withRetries(
      { ...defaultLimits, tryMs: 8000, totalMs: 10_000 },
      context,
      async (number, limitMs) => {
        given.push(limitMs);
        clock.advance(limitMs);
        return number === 1 ? { error, transient: true } : { result: 'ok' };
      },
    );
    expect(given).toEqual([8000, 2000]);
  });
});

describe('limits', () => {
  it('are the defaults where nothing is said', () => {
    expect(resolveLimits({})).toEqual(defaultLimits);
    expect(resolveLimits({ retry: { tries: 1 }, timeouts: { tryMs: 5 } })).toEqual({
      ...defaultLimits,
      tries: 1,
      tryMs: 5,
    });
  });

  it.each([
    [{ retry: { tries: 0 } }, 'retry.tries'],
    [{ timeouts: { tryMs: Number.NaN } }, 'timeouts.tryMs'],
    [{ timeouts: { totalMs: 2 ** 31 } }, 'timeouts.totalMs'],
    [{ retry: { maxPauseMs: -1 } }, 'retry.maxPauseMs'],
    [{ maxAnswerBytes: 1.5 }, 'maxAnswerBytes'],
  ])('out of range are refused by name: %j', (options, name) => {
    expect(() => resolveLimits(options)).toThrow(name);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('of %s is understood', (text, expected) => {
    expect(retryAfter(text, now)).toBe(expected);
  });
});
