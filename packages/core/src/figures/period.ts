import { type Timestamp, timestamp } from '../build/timestamp.ts';
import { ValidationError } from '../errors/validation-error.ts';

const unitSeconds: Readonly<Record<string, number>> = { h: 3600, d: 86_400, w: 604_800 };

/** Longest period, in seconds: ten years. */
const longest = 3650 * 86_400;

/**
 * The seconds of a period such as `24h`, `7d` or `12w`.
 * @param path the field's name, for the error
 * @throws ValidationError when it is none, or longer than ten years
 */
export function parsePeriod(text: string, path = 'period'): number {
  const [, amount, unit = ''] = /^(\d{1,6})([hdw])$/.exec(text.trim().toLowerCase()) ?? [];
  const seconds = Number(amount ?? 0) * (unitSeconds[unit] ?? 0);
  if (seconds > 0 && seconds <= longest) return seconds;
  const message =
    'must be a number of hours, days or weeks such as 24h, 7d or 12w, from one hour to ten years';
  throw new ValidationError(`${path} ${message}, not "${text}".`, { problems: [{ path, message }] });
}

/**
 * A stretch of time that ends now. Only its beginning narrows a search: what was recorded in the very millisecond of
 * the answer, or by a store whose clock is a little ahead, belongs to it.
 */
export interface Period {
  /** As it was asked for. */
  readonly period: string;
  /** Where it begins. */
  readonly since: Timestamp;
  /** Where it ends: the moment of the answer. */
  readonly until: Timestamp;
}

/**
 * The period before a moment.
 * @param now in milliseconds since the epoch
 * @throws ValidationError
 */
export function periodBefore(text: string, now: number): Period {
  const seconds = parsePeriod(text);
  return { period: text, since: timestamp(now - seconds * 1000), until: timestamp(now) };
}
