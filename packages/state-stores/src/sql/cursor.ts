import { ValidationError } from '@buildstate/core';

/** A value that a list is ordered by. */
export type CursorValue = string | number;

/** The cursor of a place in a list: opaque, and good for that list only. */
export function encodeCursor(list: string, place: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([list, ...place])).toString('base64url');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): ValidationError {
  return new ValidationError('The cursor cannot be read. Pass the one of the page before, or none.', {
    cause,
    problems: [{ path: 'cursor', message: 'must be a cursor that this list has answered' }],
  });
}

/**
 * The place that a cursor stands for.
 * @param shape the types of the values that the list is ordered by
 * @throws ValidationError with the path `cursor` when it is not a cursor of this list
 */
export function decodeCursor(
  list: string,
  cursor: string,
  shape: readonly ('string' | 'number')[],
): CursorValue[] {
  const parsed = parse(cursor);
  if (!Array.isArray(parsed) || parsed.length !== shape.length + 1 || parsed[0] !== list) throw unreadable();
  const place: unknown[] = parsed.slice(1);
  if (!place.every((value, index) => typeof value === shape[index])) throw unreadable();
  return place as CursorValue[];
}
