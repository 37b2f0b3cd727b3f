import { BuildStateError, type ErrorKind, StorageError } from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';
import { isTransientStatus, isTransientSystemCode, withoutExchange } from '../transport-errors.ts';

/** What an error of the SDK may carry. Nothing of it is promised, so everything is checked. */
interface SdkFacts {
  /** S3's code, such as `SlowDown`. */
  readonly name: string;
  readonly status?: number;
  readonly requestId?: string;
  /** Node's code, such as `ECONNRESET`. */
  readonly systemCode?: string;
}

/** S3's codes that a repetition can help with, whatever their status. */
const transientNames = new Set([
  'ConditionalRequestConflict',
  'ExpiredToken',
  'ExpiredTokenException',
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'ServiceUnavailable',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequests',
]);
const unauthenticatedNames = new Set([
  'CredentialsProviderError',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
]);
const tooLargeNames = new Set(['EntityTooLarge', 'MaxMessageLengthExceeded']);
const noSpaceNames = new Set(['QuotaExceeded', 'InsufficientStorage', 'XMinioStorageFull']);

/** Reads what an error says of itself. */
export function factsOf(error: unknown): SdkFacts {
  if (!(error instanceof Error)) return { name: 'unknown' };
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const { httpStatusCode, requestId } = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  return {
    name: error.name,
    status: typeof httpStatusCode === 'number' ? httpStatusCode : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    systemCode: errorCode(error),
  };
}

function isTransient({ name, status, systemCode }: SdkFacts): boolean {
  return transientNames.has(name) || isTransientSystemCode(systemCode) || isTransientStatus(status);
}

function kindOf({ name, status }: SdkFacts): ErrorKind | undefined {
  if (unauthenticatedNames.has(name) || status === 401) return 'unauthenticated';
  if (noSpaceNames.has(name) || status === 507) return 'no_space';
  if (tooLargeNames.has(name) || status === 413) return 'too_large';
  if (status === 403) return 'forbidden';
  return status === 404 ? 'not_found' : undefined;
}

/** What a person can do about it, where that is known. */
function advice({ name, status }: SdkFacts): string {
  if (name === 'CredentialsProviderError')
    return ' Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile.';
  if (unauthenticatedNames.has(name)) return ' Check the credentials and the region.';
  return status === 403 ? ' May these credentials do that on this bucket?' : '';
}

/**
 * Turns a failure of the SDK into a `StorageError` that says whether a repetition can help. Decided from codes
 * and statuses, never from messages. Errors of ours stay as they are.
 * @param what the call in words: `put of s3://bucket/key`
 */
export function toStorageError(error: unknown, what: string): unknown {
  if (error instanceof BuildStateError) return error;
  const facts = factsOf(error);
  const status = facts.status === undefined ? '' : `${facts.status} `;
  const transient = isTransient(facts);
  return new StorageError(`The ${what} failed: ${status}${facts.systemCode ?? facts.name}.${advice(facts)}`, {
    cause: withoutExchange(error),
    persistence: transient ? 'transient' : 'permanent',
    kind: transient ? undefined : kindOf(facts),
    context: {
      s3_code: facts.name,
      status: facts.status,
      request_id: facts.requestId,
      system_code: facts.systemCode,
    },
  });
}
