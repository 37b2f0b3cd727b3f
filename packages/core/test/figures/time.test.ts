import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, bucketSizeFor, bucketSizes } from '../../src/figures/buckets.ts';
import { parsePeriod, periodBefore } from '../../src/figures/period.ts';
import { quantile } from '../../src/figures/quantile.ts';

describe('periods', () => {
  it.each([
    ['1h', 3600],
    ['24h', 86_400],
    ['7d', 604_800],
    ['12w', 7_257_600],
    [' 7D ', 604_800],
    ['3650d', 315_360_000],
  ])('reads %s', (text, seconds) => {
    expect(parsePeriod(text)).toBe(seconds);
  });

  it.each(['', '7', 'd', '0d', '-1d', '1.5d', '7m', '7 d', '3651d', '999999w', '7dd'])(
    'refuses %j, and says what would be right',
    (text) => {
      expect(() => parsePeriod(text)).toThrow(/period must be a number of hours, days or weeks such as 24h/);
    },
  );

  it('end now', () => {
    const now = Date.parse('2026-03-09T12:00:00.000Z');
    expect(periodBefore('7d', now)).toEqual({
      period: '7d',
      since: '2026-03-02T12:00:00.000Z',
      until: '2026-03-09T12:00:00.000Z',
    });
  });
});

describe('buckets', () => {
  it('begin on the hour, at midnight and on Mondays', () => {
    const time = '2026-03-05T13:45:00.000Z';
    expect(bucketOf(time, 'hour')).toBe('2026-03-05T13:00:00.000Z');
    expect(bucketOf(time, 'day')).toBe('2026-03-05T00:00:00.000Z');
    expect(bucketOf(time, 'week')).toBe('2026-03-02T00:00:00.000Z');
    expect(new Date(bucketOf(time, 'week')).getUTCDay()).toBe(1);
  });

  it('hold every moment between their beginning and the next one', () => {
    const moment = fc.date({ min: new Date('1970-01-05'), max: new Date('2100-01-01'), noInvalidDate: true });
    const hours = { hour: 1, day: 24, week: 168 };
    fc.assert(
      fc.property(moment, fc.constantFrom(...bucketSizes), (date, size) => {
        const start = bucketOf(date.toISOString(), size);
        const into = date.getTime() - Date.parse(start);
        expect(into).toBeGreaterThanOrEqual(0);
        expect(into).toBeLessThan(hours[size] * 3_600_000);
        expect(bucketOf(start, size)).toBe(start);
      }),
    );
  });

  it('are as long as the period is readable with', () => {
    expect(['24h', '2d', '3d', '30d', '62d', '12w'].map((text) => bucketSizeFor(parsePeriod(text)))).toEqual([
      'hour',
      'hour',
      'day',
      'day',
      'day',
      'week',
    ]);
  });
});

describe('quantiles', () => {
  it('are interpolated between the two nearest numbers', () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([4, 1, 2, 3], 0.5)).toBe(2.5);
    expect(quantile([10, 20, 40], 0.9)).toBe(36);
  });

  it('lie among the numbers and grow with the share', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, (values) => {
        const found = [0, 0.25, 0.5, 0.9, 1].map((share) => quantile(values, share) ?? Number.NaN);
        expect(found).toEqual([...found].sort((a, b) => a - b));
        expect(found[0]).toBe(Math.min(...values));
        expect(found.at(-1)).toBe(Math.max(...values));
      }),
    );
  });
});
