import type { BuildStateError, ErrorKind, FieldProblem } from '../errors/buildstate-error.ts';
import { errorClasses } from '../errors/by-code.ts';
import { RemoteError } from '../errors/remote-error.ts';
import type { StorageErrorDetails } from '../errors/storage-error.ts';

/** An error on the wire: RFC 9457 `application/problem+json`. */
export interface Problem {
  /** A URI reference that names the kind of problem: `/problems/<code>`. */
  readonly type: string;
  /** The code in words. */
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  /** A sentence: what, which object, what to do. */
  readonly detail: string;
  /** Stable and machine-readable. */
  readonly code: string;
  /** The invalid fields. */
  readonly errors?: readonly FieldProblem[];
  /** Facts for machines. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** The request, as in `X-Request-Id`. */
  readonly request_id?: string;
}

const statuses: Readonly<Record<ErrorKind, number>> = {
  invalid: 422,
  not_found: 404,
  conflict: 409,
  unauthenticated: 401,
  forbidden: 403,
  integrity: 409,
  unavailable: 503,
  no_space: 507,
  too_large: 413,
  not_resumable: 409,
  timeout: 504,
  failed: 500,
};

/** Codes whose status is not the one of their kind. */
const special: Readonly<Record<string, number>> = {
  malformed: 400,
  configuration: 500,
  key_ring: 500,
  precondition_failed: 412,
  not_supported: 501,
};

/** The HTTP status of an error. */
export function statusOf(error: BuildStateError): number {
  return (Object.hasOwn(special, error.code) ? special[error.code] : undefined) ?? statuses[error.kind];
}

/** An error as it goes over the wire. Causes and stacks stay at home. */
export function toProblem(error: BuildStateError, requestId?: string): Problem {
  const title = error.code.replaceAll('_', ' ');
  return {
    type: `/problems/${error.code}`,
    title: title.charAt(0).toUpperCase() + title.slice(1),
    status: statusOf(error),
    detail: error.message,
    code: error.code,
    ...(error.problems.length > 0 && { errors: error.problems }),
    ...(Object.keys(error.context).length > 0 && { context: error.context }),
    ...(requestId !== undefined && { request_id: requestId }),
  };
}

const kindOfStatus: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  412: 'conflict',
  413: 'too_large',
  415: 'invalid',
  422: 'invalid',
  429: 'unavailable',
  502: 'unavailable',
  503: 'unavailable',
  504: 'timeout',
  507: 'no_space',
};

/** Longest text, and most invalid fields, taken over from a server's answer. */
const limits = { text: 4000, fields: 100 } as const;

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, limits.text) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(errors: unknown): FieldProblem[] {
  if (!Array.isArray(errors)) return [];
  return errors
    .slice(0, limits.fields)
    .filter(isObject)
    .map(({ path, message }) => ({ path: textOf(path) ?? '', message: textOf(message) ?? '' }));
}

/** The details of an error, as far as an answer, which may come from anywhere, tells them. */
function detailsOf(problem: Partial<Problem>, status: number): StorageErrorDetails {
  const requestId = textOf(problem.request_id);
  const kind = kindOfStatus[status];
  return {
    context: {
      ...(isObject(problem.context) ? problem.context : {}),
      ...(requestId !== undefined && { request_id: requestId }),
    },
    problems: fieldsOf(problem.errors),
    // Only errors of storage ask for these; the kind of all others follows from their code.
    persistence: kind === 'unavailable' ? 'transient' : 'permanent',
    ...(kind !== undefined && { kind }),
  };
}

/**
 * The error that a problem stands for: the class of its code where there is one, so that callers catch the same
 * classes whichever door they came through; else a `RemoteError`. Nothing in the problem is trusted to be what it
 * should be.
 */
export function fromProblem(problem: Partial<Problem>, status: number): BuildStateError {
  const message = textOf(problem.detail) ?? textOf(problem.title) ?? `The server answered ${status}.`;
  const details = detailsOf(problem, status);
  const code = textOf(problem.code) ?? `http_${status}`;
  const Class = Object.hasOwn(errorClasses, code) ? errorClasses[code] : undefined;
  if (Class !== undefined) return new Class(message, details);
  return new RemoteError(message, code, kindOfStatus[status] ?? 'failed', details);
}
