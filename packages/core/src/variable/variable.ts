import type { Timestamp } from '../build/timestamp.ts';

/** What a value is. `encrypted` is a text that is sealed, unless it is set as one that is not sensitive. */
export const variableTypes = ['string', 'json', 'encrypted'] as const;
/** What a value is. */
export type VariableType = (typeof variableTypes)[number];

/** A value that a resumed build needs, as it is stored: a sensitive one is a sealed box in JSON. */
export interface Variable {
  /** UUID. */
  readonly id: string;
  /** UUID of the build. */
  readonly buildId: string;
  /** Unique in the build. */
  readonly variableKey: string;
  /** The value; of a sensitive variable its sealed form, never shown. */
  readonly variableValue: string;
  /** What the value is. */
  readonly variableType: VariableType;
  /** The state at which it was set. */
  readonly setAtState: number | null;
  /** Whether it is sealed at rest and left out of everything that is shown. */
  readonly isSensitive: boolean;
  /** Whether a build cannot be resumed without it. */
  readonly isRequiredForResume: boolean;
  /** When the key was first set. */
  readonly createdAt: Timestamp;
  /** When the value was last set. */
  readonly updatedAt: Timestamp;
  /** When it was deleted. Kept for history. */
  readonly deletedAt: Timestamp | null;
}

/** What a sealed value is bound to, so that it cannot be moved to another build or key. */
export function variableContext(buildId: string, key: string): string {
  return `variable:${buildId}:${key}`;
}
