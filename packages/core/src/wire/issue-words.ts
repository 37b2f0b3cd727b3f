import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'left out',
};

/** Words of which one is meant: `a, b or c`. */
export function either(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** What somebody sent instead, in the same words. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return kinds[typeof value] ?? typeof value;
}

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

function boundWords(origin: string, bound: number | bigint, within: string): string {
  const unit = units[origin];
  if (unit === undefined) return `must be ${within} ${bound}`;
  return within === 'at least' && bound === 1 ? 'must not be empty' : `must have ${within} ${bound}${unit}`;
}

/**
 * What is wrong with a value, as the end of a sentence that begins with its field, for what the schemas say nothing
 * of themselves. `undefined` leaves the word to the library.
 */
export function issueWords(issue: Issue): string | undefined {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'is required';
    const wanted = kinds[issue.expected] ?? issue.expected;
    // A number can only be the wrong one where one is wanted: with a fraction, or too large to be exact.
    const got =
      issue.expected === 'int' && typeof issue.input === 'number' ? issue.input : kindOf(issue.input);
    return `must be ${wanted}, not ${got}`;
  }
  if (issue.code === 'invalid_value') {
    if (issue.input === undefined) return 'is required';
    return `must be ${either(issue.values.map(String))}`;
  }
  if (issue.code === 'too_big')
    return boundWords(issue.origin, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
  if (issue.code === 'too_small')
    return boundWords(issue.origin, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
  return undefined;
}
