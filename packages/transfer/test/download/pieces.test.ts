import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRanges, Pieces, pieceBytesFor } from '../../src/download/pieces.ts';

const sizes = fc.integer({ min: 0, max: 500 });
const someRanges = fc.array(fc.record({ start: sizes, end: sizes }), { maxLength: 12 });

describe('ranges', () => {
  it('cover the same bytes after they were merged, in order and with gaps between them', () => {
    fc.assert(
      fc.property(sizes, someRanges, (size, ranges) => {
        const usable = ranges.filter(({ start, end }) => start < end && end <= size);
        const covered = new Set(usable.flatMap(({ start, end }) => span(start, end)));
        const merged = mergeRanges(ranges, size);
        expect(merged.flatMap(({ start, end }) => span(start, end))).toEqual(
          [...covered].toSorted((a, b) => a - b),
        );
        for (const [index, { start }] of merged.entries()) {
          if (index > 0) expect(start).toBeGreaterThan(merged[index - 1]?.end ?? 0);
        }
      }),
    );
  });
});

describe('the pieces of an object', () => {
  it('are handed out once each, from the front, and are what is missing', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 64 }), someRanges, (size, pieceBytes, ranges) => {
        const present = mergeRanges(ranges, size);
        const pieces = new Pieces(size, pieceBytes, present);
        const fetched: number[] = [];
        for (let piece = pieces.claim(); piece !== undefined; piece = pieces.claim()) {
          expect(piece.end - piece.start).toBeLessThanOrEqual(pieceBytes);
          fetched.push(...span(piece.start, piece.end));
          pieces.advance(piece, piece.end - piece.start);
        }
        const there = present.flatMap(({ start, end }) => span(start, end));
        expect([...fetched, ...there].toSorted((a, b) => a - b)).toEqual(span(0, size));
        expect(fetched.toSorted((a, b) => a - b)).toEqual(fetched);
        expect([pieces.frontier, pieces.presentBytes, pieces.missingPieces]).toEqual([size, size, 0]);
      }),
    );
  });

  it('move the frontier only when the gap before it is closed', () => {
    const pieces = new Pieces(30, 10);
    const [a, b, c] = [pieces.claim(), pieces.claim(), pieces.claim()];
    if (!a || !b || !c) throw new Error('There are three pieces.');
    pieces.advance(b, 10);
    pieces.advance(c, 4);
    expect([pieces.frontier, pieces.presentBytes]).toEqual([0, 14]);
    pieces.advance(a, 3);
    expect(pieces.frontier).toBe(3);
    pieces.advance(a, 7);
    expect(pieces.frontier).toBe(24);
    expect(pieces.present()).toEqual([{ start: 0, end: 24 }]);
  });

  it('grow with the object, so that there are at most 10,000', () => {
    expect(pieceBytesFor(100, 8)).toBe(8);
    expect(pieceBytesFor(1_000_001, 8)).toBe(101);
  });
});

function span(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
}
