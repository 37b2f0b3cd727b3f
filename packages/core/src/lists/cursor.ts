import { ValidationError } from '../errors/validation-error.ts';
import type { SortKey } from './compare.ts';

/** The text that stands for "after this entry". */
export function encodeCursor(key: SortKey): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(JSON.stringify(key))) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** What base64url has besides letters and digits, anywhere but there. */
const foreign = /[^A-Za-z0-9_-]/;

function parse(cursor: string): unknown {
  if (foreign.test(cursor) || cursor.length % 4 === 1) return undefined;
  const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (unit) => unit.charCodeAt(0))));
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
