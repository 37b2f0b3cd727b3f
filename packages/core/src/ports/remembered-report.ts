import type { JsonValue } from '../build/build.ts';

/** A report that was counted, and what was answered. */
export interface RememberedReport {
  /** The client-made id of the report. */
  readonly eventId: string;
  /** The answer, in snake case, as it was first given. */
  readonly answer: JsonValue;
}
