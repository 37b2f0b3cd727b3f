import { z } from 'zod';
import type { JsonObject, JsonValue } from '../build/build.ts';
import { byteLength, textProblem } from './text.ts';

/** Deepest nesting of user's JSON. */
const maxJsonDepth = 32;

/** Longest JSON of a user in bytes, unless told otherwise. */
const usualBytes = 65_536;

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** What is wrong with one value by itself. */
function valueProblem(value: unknown): string | undefined {
  if (typeof value === 'string') return textProblem(value);
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : 'must not contain NaN or Infinity';
  if (value === null || typeof value === 'boolean') return undefined;
  return typeof value === 'object' && isPlain(value) ? undefined : 'must be JSON';
}

/**
 * The first problem in a value: no JSON, bad text, too deep, too long. Written by hand, because a schema of a union
 * for every value within takes seconds for what a body may hold; this stops at the first byte too many.
 */
function jsonProblem(root: unknown, maxBytes: number): string | undefined {
  const tooLong = `must be at most ${maxBytes} bytes as JSON`;
  let level: unknown[] = [root];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxJsonDepth) return `must not be nested deeper than ${maxJsonDepth} levels`;
    // Every value takes two bytes or more with what separates it.
    values += level.length;
    if (values > maxBytes / 2 + 1) return tooLong;
    const next: unknown[] = [];
    for (const value of level) {
      const problem = valueProblem(value);
      if (problem !== undefined) return problem;
      if (Array.isArray(value)) {
        for (const item of value) next.push(item);
      } else if (value !== null && typeof value === 'object') {
        for (const [key, member] of Object.entries(value)) {
          const keyProblem = textProblem(key);
          if (keyProblem !== undefined) return keyProblem;
          next.push(member);
        }
      }
    }
    level = next;
  }
  const size = byteLength(JSON.stringify(root));
  return size > maxBytes ? `${tooLong}, not ${size}` : undefined;
}

/** A user's JSON object of at most `maxBytes` bytes and 32 levels. It is passed on as it is, never copied. */
export function jsonObject(maxBytes = usualBytes): z.ZodType<JsonObject, JsonObject> {
  const schema = z.unknown().superRefine((value, context) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const message = isObject ? jsonProblem(value, maxBytes) : 'must be a JSON object';
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
  return schema.meta({ type: 'object' }) as unknown as z.ZodType<JsonObject, JsonObject>;
}

/**
 * Any JSON value of a user, of at most 32 levels: a text of at most `maxBytes` bytes, or anything else of as many
 * as JSON.
 */
export function jsonValue(maxBytes = usualBytes): z.ZodType<JsonValue, JsonValue> {
  const schema = z.unknown().superRefine((value, context) => {
    const message = typeof value === 'string' ? longText(value, maxBytes) : jsonProblem(value, maxBytes);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
  return schema as unknown as z.ZodType<JsonValue, JsonValue>;
}

function longText(value: string, maxBytes: number): string | undefined {
  return (
    textProblem(value) ??
    (byteLength(value) > maxBytes ? `must be at most ${maxBytes} bytes of UTF-8` : undefined)
  );
}
