import { reportedStatusSpellings } from '@buildstate/core/light';
import type { ReportOperation } from './spooled-file.ts';

/** The body of a report, with TypeScript's names. */
export type ReportBody = Readonly<Record<string, unknown>> & { readonly eventId: string };

/**
 * A report that is delivered late says when it happened: without a time the tracker would take the delivery's.
 * @param now when it happened: ISO 8601, UTC
 */
export function datedReport(operation: ReportOperation, body: ReportBody, now: string): ReportBody {
  const status = operation === 'recordFailure' ? 'failed' : String(body.status ?? 'completed');
  const field = reportedStatusSpellings[status] === 'in_progress' ? 'startTime' : 'endTime';
  return { ...body, [field]: body[field] ?? now };
}
