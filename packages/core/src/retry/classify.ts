import type { FailureCategory } from './category.ts';
import { builtInPatterns, type FailurePattern } from './failure-patterns.ts';

/** What a report says of a failure. */
export interface FailureDescription {
  /** The reporter's own verdict. */
  readonly category?: FailureCategory | undefined;
  /** The reporter's own verdict, in other words. */
  readonly isRetryable?: boolean | undefined;
  /** The tool's code of the error. */
  readonly errorCode?: string | null | undefined;
  /** The error in words. */
  readonly errorMessage?: string | null | undefined;
}

/** Longest text that patterns are tried on; what matters stands at the end of an output. */
const longestText = 4096;

/** The category of a failure: the reporter's verdict, else the error code's, else the message's, else `unknown`. */
export function classifyFailure(
  failure: FailureDescription,
  projectPatterns: readonly FailurePattern[] = [],
): FailureCategory {
  if (failure.category !== undefined) return failure.category;
  if (failure.isRetryable !== undefined) return failure.isRetryable ? 'transient' : 'persistent';
  const table = [...projectPatterns, ...builtInPatterns];
  for (const text of [failure.errorCode, failure.errorMessage]) {
    const row = text ? table.find(({ pattern }) => matches(pattern, text)) : undefined;
    if (row) return row.category;
  }
  return 'unknown';
}

const compiled = new Map<string, RegExp>();

function matches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(pattern, 'i');
    compiled.set(pattern, expression);
  }
  return expression.test(text.slice(-longestText));
}

/** What probably failed at a state, when the reporter does not say. */
export function componentOf(state: number): string {
  if (state < 10) return 'infrastructure';
  if (state < 70) return 'configuration';
  return state < 95 ? 'validation' : 'publishing';
}
