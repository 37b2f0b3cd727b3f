import { LimitError, maxUploadParts } from '@buildstate/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partSize } from '../../src/transfer/part-size.ts';

const mebibyte = 1_048_576;
const largest = 128 * mebibyte;

describe('partSize', () => {
  it('fits every size that the server takes into the number of parts', () => {
    const most = largest * maxUploadParts;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: most }), (size) => {
        const part = partSize(size, largest);
        expect(Math.ceil(size / part)).toBeLessThanOrEqual(maxUploadParts);
        expect(part).toBeGreaterThanOrEqual(8 * mebibyte);
        expect(part).toBeLessThanOrEqual(largest);
      }),
    );
    expect(partSize(most, largest)).toBe(largest);
  });

  it('refuses what does not fit, with the limit', () => {
    expect(() => partSize(largest * maxUploadParts + 1, largest)).toThrow(LimitError);
    expect(() => partSize(largest * maxUploadParts + 1, largest)).toThrow(/at most 1342177280000/);
  });

  it('stays within a small limit of the server', () => {
    expect(partSize(100, mebibyte)).toBe(mebibyte);
    expect(partSize(undefined, mebibyte)).toBe(mebibyte);
  });
});
