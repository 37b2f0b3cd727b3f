import { z } from 'zod';

const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** Whether a text has more than `maxBytes` bytes in UTF-8. Most texts need not be encoded to tell. */
function isLonger(text: string, maxBytes: number): boolean {
  return text.length * 3 > maxBytes && byteLength(text) > maxBytes;
}

/** Why no database and no JSON document can keep a text faithfully, or `undefined`. */
export function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain a NUL character';
  return text.isWellFormed() ? undefined : 'must not contain half of a surrogate pair';
}

/** A text of at most `maxBytes` bytes in UTF-8, without NUL and lone surrogates. */
export function text(maxBytes: number) {
  return z
    .string()
    .max(maxBytes)
    .superRefine((value, context) => {
      const problem =
        textProblem(value) ??
        (isLonger(value, maxBytes) ? `must be at most ${maxBytes} bytes of UTF-8` : undefined);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    });
}

/** A name: 1 to `max` characters, not only blanks, and nothing that moves a cursor or breaks a line. */
export function name(max = 200) {
  return text(max * 4)
    .min(1, 'must not be empty')
    .max(max)
    .refine((value) => value.trim() === value, 'must not be blank or begin or end with a blank')
    .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters');
}

/** Other years are written with another number of digits, and would not sort. */
const years = /^[0-9]{4}-/;

/** An instant with a zone, in the years 0 to 9999 of UTC; kept in UTC with milliseconds. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be ISO 8601 with a zone, such as 2026-03-01T12:00:00Z' })
  .transform((value) => new Date(value).toISOString())
  .refine((value) => years.test(value), 'must lie in the years 0 to 9999');

/** A state code. */
export const state = z.int({ error: 'must be an integer from 0 to 100' }).min(0).max(100);

/** A state code in a path or query. */
export const stateParameter = z
  .string()
  .regex(/^-?\d{1,6}(\.\d+)?$/, 'must be an integer from 0 to 100')
  .transform(Number)
  .pipe(state);

/** A whole number in a path or query. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, `must be an integer from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

/** A UUID of any version, in lower case. */
export const uuid = z.guid({ error: 'must be a UUID' }).transform((value) => value.toLowerCase());
