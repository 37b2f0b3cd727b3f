/**
 * The value below which a share of some numbers lies, interpolated between the two nearest ones; `null` of none.
 * @param share from 0 to 1: 0.5 is the median
 */
export function quantile(numbers: readonly number[], share: number): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) return null;
  return rounded(below + (above - below) * (place - Math.floor(place)));
}

/** A number of seconds as figures show it: to the millisecond. */
export function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** What part of a whole something is, to four digits; `null` where the whole is nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}
