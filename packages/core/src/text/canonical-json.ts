import type { JsonValue } from '../build/build.ts';

/**
 * JSON with sorted keys and no blanks, so that equal values have equal texts. Follows RFC 8785 for the values
 * that occur here: ECMAScript's number format and UTF-16 order of keys are what the RFC prescribes.
 */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => canonicalJson(item)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const object = value as { readonly [key: string]: JsonValue };
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key] as JsonValue)}`);
  return `{${members.join(',')}}`;
}
