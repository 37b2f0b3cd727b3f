import type { JsonValue } from '../build/build.ts';
import { ValidationError } from '../errors/validation-error.ts';

/**
 * JSON with sorted keys and no blanks, so that equal values have equal texts (RFC 8785): ECMAScript's number format
 * and the UTF-16 order of keys are what the RFC prescribes. Members that are `undefined` are left out.
 * @throws ValidationError for what JSON cannot say: NaN, Infinity, and `undefined` by itself or in an array
 */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => canonicalJson(item)).join(',')}]`;
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) {
    throw new ValidationError(`${String(value)} cannot be written as JSON.`);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const object = value as { readonly [key: string]: JsonValue | undefined };
  let members = '';
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}
