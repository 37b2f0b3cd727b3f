/** A run of bytes of the object, `start` included, `end` not. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A part of the object that one request fetches. Everything before `position` is in the file. */
export interface Piece extends ByteRange {
  position: number;
}

/** Smallest piece, in bytes: small enough that little is fetched again, large enough that requests cost nothing. */
export const defaultPieceBytes = 8 * 1024 * 1024;
/** More pieces than this would make the journal of a large object large too. */
const mostPieces = 10_000;

/** The size of the pieces of an object. */
export function pieceBytesFor(sizeBytes: number, leastBytes: number): number {
  return Math.max(leastBytes, Math.ceil(sizeBytes / mostPieces));
}

/**
 * Ranges in ascending order, those that touch or overlap made one, and what is beyond the object left out.
 * @param ranges in any order
 */
export function mergeRanges(ranges: readonly ByteRange[], sizeBytes: number): readonly ByteRange[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start < 0 || end > sizeBytes || start >= end) continue;
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

function* cut({ start, end }: ByteRange, pieceBytes: number): Generator<Piece> {
  for (let from = start; from < end; from += pieceBytes) {
    yield { start: from, end: Math.min(from + pieceBytes, end), position: from };
  }
}

/**
 * Which bytes of an object are there, which are on their way and which come next. Pieces are handed out from the
 * front, so that the run of bytes without a gap, which alone can be hashed, grows steadily.
 */
export class Pieces {
  readonly #pieces: Piece[] = [];
  readonly #sizeBytes: number;
  #next = 0;
  #head = 0;
  #present = 0;

  /**
   * @param sizeBytes the object's
   * @param pieceBytes largest piece
   * @param present what is in the file already, see `mergeRanges`
   */
  constructor(sizeBytes: number, pieceBytes: number, present: readonly ByteRange[] = []) {
    this.#sizeBytes = sizeBytes;
    let from = 0;
    for (const range of present) {
      this.#pieces.push(...cut({ start: from, end: range.start }, pieceBytes));
      this.#pieces.push({ ...range, position: range.end });
      this.#present += range.end - range.start;
      from = range.end;
    }
    this.#pieces.push(...cut({ start: from, end: sizeBytes }, pieceBytes));
  }

  /** Bytes that are in the file, wherever. */
  get presentBytes(): number {
    return this.#present;
  }

  /** How many pieces are still to be fetched or are being fetched. */
  get missingPieces(): number {
    return this.#pieces.filter(({ position, end }) => position < end).length;
  }

  /** The first byte that is not there: all before it can be hashed. */
  get frontier(): number {
    let piece = this.#pieces[this.#head];
    while (piece !== undefined && piece.position === piece.end) {
      this.#head += 1;
      piece = this.#pieces[this.#head];
    }
    return piece?.position ?? this.#sizeBytes;
  }

  /** The next piece that nobody fetches. */
  claim(): Piece | undefined {
    for (;;) {
      const piece = this.#pieces[this.#next];
      this.#next += 1;
      if (piece === undefined || piece.position < piece.end) return piece;
    }
  }

  /** Notes that the next bytes of a piece are in the file. */
  advance(piece: Piece, bytes: number): void {
    piece.position += bytes;
    this.#present += bytes;
  }

  /** What is in the file, for the journal. */
  present(): readonly ByteRange[] {
    const ranges = this.#pieces.map(({ start, position }) => ({ start, end: position }));
    return mergeRanges(ranges, this.#sizeBytes);
  }
}
