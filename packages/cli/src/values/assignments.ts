import { UsageError } from '../errors/usage-error.ts';
import type { Session } from '../session/session.ts';
import { textFrom } from './secret-text.ts';

/** A key and its value. */
export interface Assignment {
  /** The key. */
  readonly key: string;
  /** The value. */
  readonly value: string;
  /** Whether the value stood on the command line, for everybody on the machine to see. */
  readonly visible: boolean;
}

/**
 * Reads `KEY=VALUE`, `KEY=@file` and `KEY=-`.
 *
 * @param literal take `-` and `@…` as the values themselves
 * @throws UsageError for a word without `=`, or for standard input twice
 */
export async function readAssignments(
  words: readonly string[],
  literal: boolean,
  session: Pick<Session, 'stdin' | 'cwd'>,
): Promise<readonly Assignment[]> {
  if (!literal && words.filter((word) => word.endsWith('=-')).length > 1) {
    throw new UsageError('Only one value can come from standard input.');
  }
  const assignments: Assignment[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    if (at <= 0) throw new UsageError(`"${word}" is not KEY=VALUE.`);
    const key = word.slice(0, at);
    const text = word.slice(at + 1);
    const value = literal ? text : await textFrom(key, text, session);
    assignments.push({ key, value, visible: literal || !/^(-$|@)/.test(text) });
  }
  return assignments;
}
