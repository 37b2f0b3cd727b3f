import { BuildStateError, type ErrorKind, StorageError } from '@buildstate/core/light';
import { isTransientStatus, isTransientSystemCode, withoutExchange } from '../transport-errors.ts';

/** What an error of the SDK may carry. Nothing of it is promised, so everything is checked. */
interface SdkFacts {
  /** Azure's code, such as `BlobNotFound`, Node's, such as `ECONNRESET`, or else the error's name. */
  readonly code: string;
  readonly status?: number;
  readonly requestId?: string;
}

/** Azure's and the SDK's codes that a repetition can help with, whatever their status. */
const transientCodes = new Set([
  'ConditionNotMet',
  'InternalError',
  'LeaseAlreadyPresent',
  'OperationTimedOut',
  'PARSE_ERROR',
  'PendingCopyOperation',
  'REQUEST_SEND_ERROR',
  'ServerBusy',
]);
const unauthenticated = new Set([
  'AggregateAuthenticationError',
  'AuthenticationError',
  'AuthenticationFailed',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
  'InvalidAuthenticationInfo',
  'NoAuthenticationInformation',
]);
const tooLarge = new Set(['RequestBodyTooLarge', 'BlockCountExceedsLimit', 'BlockListTooLong']);

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads what an error says of itself. */
export function factsOf(error: unknown): SdkFacts {
  if (!(error instanceof Error)) return { code: 'unknown' };
  const { code, statusCode, details } = error as unknown as Readonly<Record<string, unknown>>;
  const { errorCode, requestId } = (details ?? {}) as Readonly<Record<string, unknown>>;
  return {
    // Replies to HEAD have no body: their code is in a header, and the SDK puts it among the details.
    code: textOf(code) ?? textOf(errorCode) ?? error.name,
    status: typeof statusCode === 'number' ? statusCode : undefined,
    requestId: textOf(requestId),
  };
}

function isTransient({ code, status }: SdkFacts): boolean {
  return transientCodes.has(code) || isTransientSystemCode(code) || isTransientStatus(status);
}

function kindOf({ code, status }: SdkFacts): ErrorKind | undefined {
  if (unauthenticated.has(code) || status === 401) return 'unauthenticated';
  if (tooLarge.has(code) || status === 413) return 'too_large';
  if (status === 403) return 'forbidden';
  return status === 404 ? 'not_found' : undefined;
}

/** What a person can do about it, where that is known. */
function advice({ code, status }: SdkFacts): string {
  if (unauthenticated.has(code)) {
    return ' Set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or sign in with: az login';
  }
  if (code === 'ContainerNotFound') return ' Create the container first.';
  return status === 403 ? ' May these credentials do that in this container?' : '';
}

/**
 * Turns a failure of the SDK into a `StorageError` that says whether a repetition can help. Decided from codes and
 * statuses, never from messages. Errors of ours stay as they are.
 * @param what the call in words: `put of azure-blob://account/container/key`
 */
export function toStorageError(error: unknown, what: string): unknown {
  if (error instanceof BuildStateError) return error;
  const facts = factsOf(error);
  const status = facts.status === undefined ? '' : `${facts.status} `;
  const transient = isTransient(facts);
  return new StorageError(`The ${what} failed: ${status}${facts.code}.${advice(facts)}`, {
    cause: withoutExchange(error),
    persistence: transient ? 'transient' : 'permanent',
    kind: transient ? undefined : kindOf(facts),
    context: { azure_code: facts.code, status: facts.status, request_id: facts.requestId },
  });
}
