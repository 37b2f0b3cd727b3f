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

/** What somebody sent instead, in the same words. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return kinds[typeof value] ?? typeof value;
}

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

function boundWords(
  issue: Extract<Issue, { readonly code: 'too_big' | 'too_small' }>,
  least: boolean,
): string {
  const bound = issue.code === 'too_big' ? issue.maximum : issue.minimum;
  const unit = units[String(issue.origin)] ?? '';
  const words =
    issue.inclusive === false ? (least ? 'more than' : 'less than') : least ? 'at least' : 'at most';
  return unit === '' ? `must be ${words} ${bound}` : `must have ${words} ${bound}${unit}`;
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
    return `must be ${issue.values
      .map(String)
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1')}`;
  }
  if (issue.code === 'too_big') return boundWords(issue, false);
  return issue.code === 'too_small' ? boundWords(issue, true) : undefined;
}
