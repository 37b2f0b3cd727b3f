import { BuildStateError, type ErrorKind, StorageError } from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';
import { isTransientStatus, isTransientSystemCode, withoutExchange } from '../transport-errors.ts';

/** A reply that says no. Stays inside the driver. */
export class GcsReplyError extends Error {
  readonly status: number;
  /** The store's code, such as `NoSuchUpload`; empty where a reply has none. */
  readonly storeCode: string;

  constructor(status: number, storeCode: string) {
    super(`${status} ${storeCode}`.trim());
    this.name = 'GcsReplyError';
    this.status = status;
    this.storeCode = storeCode;
  }
}

/** What is known of a failure. */
interface Facts {
  readonly code: string;
  readonly status?: number;
  readonly systemCode?: string;
}

const transientCodes = new Set([
  'BackendError',
  'InternalError',
  'OperationAborted',
  'RateLimitExceeded',
  'SlowDown',
  'UserProjectRateLimitExceeded',
]);
const tooLarge = new Set(['EntityTooLarge']);
const noSpace = new Set(['QuotaExceeded', 'InsufficientQuota']);

/** The code of a failed connection; `fetch` hides it in the cause. */
function systemCodeOf(error: Error): string | undefined {
  return errorCode(error.cause) ?? errorCode(error);
}

/** Reads what an error says of itself. */
export function factsOf(error: unknown): Facts {
  if (error instanceof GcsReplyError) return { code: error.storeCode, status: error.status };
  if (!(error instanceof Error)) return { code: 'unknown' };
  return { code: error.name, systemCode: systemCodeOf(error) };
}

function isTransient({ code, status, systemCode }: Facts): boolean {
  return transientCodes.has(code) || isTransientSystemCode(systemCode) || isTransientStatus(status);
}

function kindOf({ code, status }: Facts): ErrorKind | undefined {
  if (status === 401) return 'unauthenticated';
  if (noSpace.has(code)) return 'no_space';
  if (tooLarge.has(code) || status === 413) return 'too_large';
  if (status === 403) return 'forbidden';
  return status === 404 ? 'not_found' : undefined;
}

/** What a person can do about it, where that is known. */
function advice({ code, status }: Facts): string {
  if (status === 401) {
    return ' Set GOOGLE_APPLICATION_CREDENTIALS, or run: gcloud auth application-default login';
  }
  if (code === 'NoSuchBucket') return ' Create the bucket first.';
  return status === 403 ? ' May these credentials do that in this bucket?' : '';
}

/**
 * Turns a failure into a `StorageError` that says whether a repetition can help. Decided from codes and statuses,
 * never from messages. Errors of ours stay as they are.
 * @param what the call in words: `put of gs://bucket/key`
 */
export function toStorageError(error: unknown, what: string): unknown {
  if (error instanceof BuildStateError) return error;
  const facts = factsOf(error);
  const reason = facts.systemCode ?? [facts.status, facts.code].filter(Boolean).join(' ');
  const transient = isTransient(facts);
  return new StorageError(`The ${what} failed: ${reason}.${advice(facts)}`, {
    cause: withoutExchange(error),
    persistence: transient ? 'transient' : 'permanent',
    kind: transient ? undefined : kindOf(facts),
    context: { gcs_code: facts.code, status: facts.status, system_code: facts.systemCode },
  });
}

/** Credentials that could not be had: the library's own errors may hold keys, so only their message is kept. */
export function authorizationFailed(error: unknown, what: string): StorageError {
  const systemCode = error instanceof Error ? systemCodeOf(error) : undefined;
  if (isTransientSystemCode(systemCode)) {
    return new StorageError(`The ${what} failed: no access token, ${systemCode}.`, {
      persistence: 'transient',
    });
  }
  return new StorageError(
    `The ${what} failed: there are no credentials for Google Cloud. Set GOOGLE_APPLICATION_CREDENTIALS, or run: gcloud auth application-default login`,
    { kind: 'unauthenticated', cause: withoutExchange(error) },
  );
}
