import type { BuildStateError } from '@buildstate/core';
import type { CallOptions } from '../api/call.ts';

/** How a report is sent. */
export interface ReportOptions extends CallOptions {
  /**
   * When the tracker cannot be reached, write the report to disk and deliver it later, with the same
   * `event_id` and in order, instead of failing. @default false
   */
  readonly spool?: boolean;
}

/** What became of a report: answered, or kept on disk until the tracker can be reached. */
export type ReportOutcome<Answer> =
  | { readonly delivered: true; readonly answer: Answer }
  | {
      readonly delivered: false;
      /** The id under which it counts once, now or later. */
      readonly eventId: string;
      /** Reports of this build that wait on disk, this one included. */
      readonly waiting: number;
      /** Why it could not be delivered now. */
      readonly reason: BuildStateError;
    };
