import { ValidationError } from '../errors/validation-error.ts';

/** The position before the first event. */
export const streamStart = '0';

/** Hexadecimal digits of an event's hash that its position carries. */
const markLength = 8;

/** A position taken apart. */
export interface StreamPlace {
  /** The numbers that order the stream, the more significant first. */
  readonly order: readonly string[];
  /** The beginning of the event's hash. */
  readonly mark: string;
}

/**
 * The position of an event: the numbers that order the stream, and the beginning of the event's hash. With the hash a
 * position names one event and no other: a store that was put back to an earlier time, or another store, may well have
 * an event with the same numbers.
 */
export function positionOf(order: readonly (string | number)[], hash: string): string {
  return [...order, hash.slice(0, markLength)].join('-');
}

/** An error for a text that is no position, or none of this store. */
export function noPosition(path: string, message: string): ValidationError {
  return new ValidationError(`${path} ${message}.`, { problems: [{ path, message }] });
}

const digits = /^\d{1,20}$/;
const mark = /^[0-9a-f]{8}$/;

/**
 * What a position names; `undefined` before the first event.
 * @param count how many numbers order the stream
 * @param path the field that holds the position
 * @throws ValidationError when the text is no position of such a stream
 */
export function placeOf(position: string, count: number, path: string): StreamPlace | undefined {
  if (position === streamStart) return undefined;
  const parts = position.split('-');
  const last = parts.pop() ?? '';
  if (parts.length === count && parts.every((part) => digits.test(part)) && mark.test(last))
    return { order: parts, mark: last };
  throw noPosition(path, 'is not a position of this stream; take it from an event, or 0 for the beginning');
}
