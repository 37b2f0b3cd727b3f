import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/run/file/duration.ts';

describe('a duration', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['45m', 2700],
    ['1h30m', 5400],
    ['2.5h', 9000],
    ['1d', 86_400],
    ['250ms', 0.25],
    ['0', 0],
  ])('%j is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', 'soon', '5x', '-5s', '5 m', 'm', '1h-2m', '1e3s', 'Infinity'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
