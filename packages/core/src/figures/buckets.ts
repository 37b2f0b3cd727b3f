import { type Timestamp, timestamp } from '../build/timestamp.ts';

/** Lengths of the pieces that a period is cut into. */
export const bucketSizes = ['hour', 'day', 'week'] as const;
/** Length of the pieces that a period is cut into. */
export type BucketSize = (typeof bucketSizes)[number];

const hour = 3_600_000;
const day = 24 * hour;
const lengths: Readonly<Record<BucketSize, number>> = { hour, day, week: 7 * day };
/** The epoch was a Thursday; weeks begin on Mondays. */
const firstMonday = 4 * day;

/** When the bucket that a moment belongs to begins, in UTC; weeks begin on Mondays. */
export function bucketOf(time: Timestamp, size: BucketSize): Timestamp {
  const length = lengths[size];
  const offset = size === 'week' ? firstMonday : 0;
  return timestamp(Math.floor((Date.parse(time) - offset) / length) * length + offset);
}

/** The size that cuts a period into a readable number of buckets: hours up to two days, days up to two months. */
export function bucketSizeFor(seconds: number): BucketSize {
  if (seconds * 1000 <= 2 * day) return 'hour';
  return seconds * 1000 <= 62 * day ? 'day' : 'week';
}
