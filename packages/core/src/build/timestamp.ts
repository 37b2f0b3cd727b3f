/** An instant in UTC as ISO 8601 with milliseconds and `Z`; two of them sort as texts in the order of time. */
export type Timestamp = string;

/** The timestamp of a number of milliseconds since the Unix epoch. */
export function timestamp(milliseconds: number): Timestamp {
  return new Date(milliseconds).toISOString();
}

/** Seconds from `start` to `end`, with three decimals; never negative, because clocks of two machines differ. */
export function secondsBetween(start: Timestamp, end: Timestamp): number {
  return Math.max(0, Date.parse(end) - Date.parse(start)) / 1000;
}

/** The earlier of two instants. */
export function earliest(a: Timestamp, b: Timestamp): Timestamp {
  return a < b ? a : b;
}
