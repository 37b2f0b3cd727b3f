import { describe, expect, it } from 'vitest';
import { parseRange } from '../../src/transfer/byte-range.ts';

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=0-9', { start: 0, end: 10 }],
    ['bytes=3-', { start: 3, end: 10 }],
    ['bytes=3-99', { start: 3, end: 10 }],
    ['bytes=-4', { start: 6, end: 10 }],
    ['bytes=-99', { start: 0, end: 10 }],
    ['bytes=9-9', { start: 9, end: 10 }],
  ])('reads %s of ten bytes', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });

  it.each([['bytes=10-'], ['bytes=10-12'], ['bytes=-0']])('finds %s outside of ten bytes', (header) => {
    expect(parseRange(header, 10)).toBe('outside');
  });

  it.each([
    [undefined],
    [''],
    ['bytes=-'],
    ['bytes=5-3'],
    ['bytes=0-1,3-4'],
    ['items=0-1'],
    ['bytes=a-b'],
    ['bytes=0x1-2'],
    [`bytes=${'9'.repeat(400)}-`],
  ])('answers %s with everything', (header) => {
    expect(parseRange(header, 10)).toBe('everything');
  });

  it('finds every range outside of an empty content', () => {
    expect(parseRange('bytes=0-', 0)).toBe('outside');
    expect(parseRange('bytes=-1', 0)).toBe('outside');
  });
});
