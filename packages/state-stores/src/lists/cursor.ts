import { ValidationError } from '@buildstate/core/light';
import type { SortKey } from './compare.ts';

/** The text that stands for "after this entry". */
export function encodeCursor(key: SortKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Reads a cursor that `encodeCursor` made.
 * @param shape the types of the key's parts, in their order
 * @throws ValidationError with the path `cursor`
 */
export function decodeCursor(cursor: string, shape: readonly ('string' | 'number')[]): SortKey {
  const value = parse(cursor);
  const fits =
    Array.isArray(value) &&
    value.length === shape.length &&
    value.every((part: unknown, index) => typeof part === shape[index]) &&
    encodeCursor(value) === cursor;
  if (fits) return value as SortKey;
  const message = 'is not a cursor of this list; take it from the answer before, or leave it out';
  throw new ValidationError(`cursor ${message}.`, { problems: [{ path: 'cursor', message }] });
}
