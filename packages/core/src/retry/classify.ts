import type { FailureCategory } from './category.ts';
import { builtInPatterns, type FailurePattern } from './failure-patterns.ts';
import { isFound } from './pattern/linear-pattern.ts';

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
  for (const text of [failure.errorCode, failure.errorMessage]) {
    const category = text ? categoryOf(text.slice(-longestText), projectPatterns) : undefined;
    if (category !== undefined) return category;
  }
  return 'unknown';
}

const builtIn = builtInPatterns.map(({ pattern, category }) => ({
  category,
  expression: new RegExp(pattern, 'i'),
}));

/** What a text says. Patterns of projects come from strangers, so they are not left to the engine's own matcher. */
function categoryOf(text: string, projectPatterns: readonly FailurePattern[]): FailureCategory | undefined {
  const own = projectPatterns.find(({ pattern }) => isFound(pattern, text));
  return (own ?? builtIn.find(({ expression }) => expression.test(text)))?.category;
}

/** What probably failed at a state, when the reporter does not say. */
export function componentOf(state: number): string {
  if (state < 10) return 'infrastructure';
  if (state < 70) return 'configuration';
  return state < 95 ? 'validation' : 'publishing';
}
