import type { FailurePattern } from '@buildstate/core';
import { UsageError } from '../errors/usage-error.ts';
import { failureCategories } from './choices.ts';

/** Reads `CATEGORY=PATTERN`. @throws UsageError for another form or an unknown category */
export function failurePatterns(
  texts: readonly string[] | undefined,
): { pattern: string; category: FailurePattern['category'] }[] | undefined {
  return texts?.map((text) => {
    const at = text.indexOf('=');
    const category = failureCategories.find((name) => name === text.slice(0, at));
    const pattern = text.slice(at + 1);
    if (category === undefined || pattern === '') {
      throw new UsageError(
        `--failure-pattern must be CATEGORY=PATTERN with one of ${failureCategories.join(', ')}, not "${text}".`,
      );
    }
    return { pattern, category };
  });
}
