import { describe, expect, test } from 'vitest';
import {
  ageOf,
  byteSize,
  columnMoment,
  moment,
  progressBar,
  shortDuration,
} from '../../src/output/amounts.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');

describe('lengths of time', () => {
  test.each([
    [0, '0s'],
    [59.4, '59s'],
    [60, '1m 0s'],
    [3599, '59m 59s'],
    [3661, '1h 1m'],
    [90_000, '1d 1h'],
    [-5, '0s'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(shortDuration(seconds)).toBe(text);
  });

  test('an age names its largest unit alone', () => {
    expect(ageOf('2026-03-01T09:30:00.000Z', now)).toBe('2h');
  });

  test('a moment says how far away it is, in either direction', () => {
    expect(moment('2026-03-01T11:55:00.000Z', now)).toBe('2026-03-01T11:55:00.000Z (5m ago)');
    expect(moment('2026-03-01T12:05:00.000Z', now)).toBe('2026-03-01T12:05:00.000Z (in 5m)');
    expect(moment(null, now)).toBeUndefined();
  });
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [268_435_456, '256 MiB'],
  [1_234_567_890, '1.1 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});

test.each([
  [0, '[--------------------]'],
  [45, '[#########-----------]'],
  [100, '[####################]'],
  [250, '[####################]'],
])('%d per cent are %s', (percent, text) => {
  expect(progressBar(percent)).toBe(text);
});

test('a time in a column is how long ago it was on a terminal, and whole elsewhere', () => {
  const now = Date.parse('2026-01-01T00:05:00Z');
  expect(columnMoment('2026-01-01T00:00:00Z', { now, width: 80 })).toBe('5m ago');
  expect(columnMoment('2026-01-01T00:00:00Z', { now, width: undefined })).toBe('2026-01-01T00:00:00Z');
  expect(columnMoment(null, { now, width: 80 })).toBeUndefined();
});
