import { z } from 'zod';

const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. */
function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** Why no database and no JSON document can keep a text faithfully, or `undefined`. */
function textProblem(text: string): string | undefined {
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
        (byteLength(value) > maxBytes ? `must be at most ${maxBytes} bytes of UTF-8` : undefined);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    });
}

/** A name: 1 to `max` characters, not only blanks. */
export function name(max = 200) {
  return text(max * 4)
    .min(1)
    .max(max)
    .refine(
      (value) => value.trim() === value && value !== '',
      'must not be blank or begin or end with a blank',
    );
}

/** Deepest nesting of user's JSON. */
export const maxJsonDepth = 32;

/** The first problem in a JSON value: bad text or too deep. */
function jsonProblem(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return textProblem(value);
  if (value === null || typeof value !== 'object') return undefined;
  if (depth >= maxJsonDepth) return `must not be nested deeper than ${maxJsonDepth} levels`;
  for (const [key, member] of Object.entries(value)) {
    const problem = textProblem(key) ?? jsonProblem(member, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function jsonIssue(value: unknown, maxBytes: number): string | undefined {
  const problem = jsonProblem(value, 0);
  if (problem !== undefined) return problem;
  const size = byteLength(JSON.stringify(value) ?? '');
  return size > maxBytes ? `must be at most ${maxBytes} bytes as JSON, not ${size}` : undefined;
}

/** A user's JSON object of at most `maxBytes` bytes and 32 levels. */
export function jsonObject(maxBytes = 65_536) {
  return z.record(z.string(), z.json()).superRefine((value, context) => {
    const message = jsonIssue(value, maxBytes);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

/** Any JSON value of a user, of at most `maxBytes` bytes and 32 levels. */
export function jsonValue(maxBytes = 65_536) {
  return z.json().superRefine((value, context) => {
    const message = jsonIssue(value, maxBytes);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

/** An instant with a zone; kept in UTC with milliseconds. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be ISO 8601 with a zone, such as 2026-03-01T12:00:00Z' })
  .transform((value) => new Date(value).toISOString());

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

/** A flag in a query. */
export const flag = z.stringbool();

/** A UUID of any version, in lower case. */
export const uuid = z.guid({ error: 'must be a UUID' }).transform((value) => value.toLowerCase());
