import type { StateReport } from '@buildstate/client';
import { jsonObject, jsonValue } from './json.ts';
import { present } from './present.ts';

/** The values of the flags about who reports. */
interface ReporterValues {
  readonly 'reported-by'?: string | undefined;
  readonly 'job-id'?: string | undefined;
  readonly takeover?: boolean | undefined;
  readonly 'event-id'?: string | undefined;
}

/** The values of the flags about a failure. */
interface FailureValues {
  readonly error?: string | undefined;
  readonly code?: string | undefined;
  readonly component?: string | undefined;
  readonly category?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly 'not-retryable'?: boolean | undefined;
  readonly 'error-details'?: string | undefined;
}

/** The values of the flags about when it was. */
interface OccurrenceValues {
  readonly message?: string | undefined;
  readonly 'start-time'?: string | undefined;
  readonly 'end-time'?: string | undefined;
  readonly metadata?: string | undefined;
}

/**
 * Who reports, as the API takes it.
 *
 * @param leaseToken the token of the lease under which it is reported
 */
export function reporterFields(flags: ReporterValues, leaseToken: number | undefined) {
  return present({
    reportedBy: flags['reported-by'],
    jobId: flags['job-id'],
    leaseToken,
    takeover: flags.takeover === true ? true : undefined,
    eventId: flags['event-id'],
  });
}

/** What went wrong, as the API takes it. */
export function failureFields(flags: FailureValues) {
  const details = flags['error-details'];
  return present({
    errorMessage: flags.error,
    errorCode: flags.code,
    component: flags.component,
    category: flags.category as StateReport['category'],
    isRetryable: flags.retryable === true ? true : flags['not-retryable'] === true ? false : undefined,
    errorDetails: details === undefined ? undefined : jsonValue('error-details', details),
  });
}

/** When it was and what is to be remembered, as the API takes it. */
export function occurrenceFields(flags: OccurrenceValues) {
  return present({
    message: flags.message,
    startTime: flags['start-time'],
    endTime: flags['end-time'],
    metadata: jsonObject('metadata', flags.metadata),
  });
}
