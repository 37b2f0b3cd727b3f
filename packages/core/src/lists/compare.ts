/** What a list is sorted by: its parts count one after the other. */
export type SortKey = readonly (string | number)[];

/** Code units of surrogates count above all others, which makes the order of UTF-16 that of code points. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/**
 * Compares texts by code points, as databases with binary collation compare them by the bytes of UTF-8, so
 * that every store lists in the same order.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = rank(a.charCodeAt(index)) - rank(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Compares two keys of the same list. */
export function compareKeys(a: SortKey, b: SortKey): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    const difference =
      typeof left === 'number' ? left - Number(right) : compareText(left, String(right ?? ''));
    if (difference !== 0) return difference;
  }
  return 0;
}
