/** An instant in UTC as ISO 8601 with milliseconds and `Z`; two of them sort as texts in the order of time. */
export type Timestamp = string;

/** The one that was written last: a server writes the same millisecond several times for each of many requests. */
let last = { milliseconds: 0, text: new Date(0).toISOString() };

/** The timestamp of a number of milliseconds since the Unix epoch. */
export function timestamp(milliseconds: number): Timestamp {
  if (milliseconds !== last.milliseconds) {
    last = { milliseconds, text: new Date(milliseconds).toISOString() };
  }
  return last.text;
}

/** Seconds from `start` to `end`, with three decimals; never negative, because clocks of two machines differ. */
export function secondsBetween(start: Timestamp, end: Timestamp): number {
  return Math.max(0, Date.parse(end) - Date.parse(start)) / 1000;
}

/** The earlier of two instants. */
export function earliest(a: Timestamp, b: Timestamp): Timestamp {
  return a < b ? a : b;
}
