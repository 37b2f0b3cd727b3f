import {
  type BuildStateError,
  type FieldProblem,
  fromProblem,
  type Problem,
  RequestInFlightError,
  UnreachableError,
} from '@buildstate/core/light';
import type { TryOutcome } from './retry.ts';

/** A response that was read whole. */
export interface ReadResponse {
  /** The status. */
  readonly status: number;
  /** Headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body. */
  readonly bytes: Uint8Array;
}

/** What a successful response says. */
export interface HttpAnswer {
  /** Headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON, with the names of the wire; `undefined` without a body. */
  readonly json: unknown;
}

/** Statuses after which another try can help. */
const transientStatuses = new Set([408, 425, 429, 502, 503, 504]);

const decoder = new TextDecoder();

function parseJson(response: ReadResponse): { readonly value: unknown } | undefined {
  const type = response.headers['content-type'] ?? '';
  if (!/[/+]json\b/i.test(type)) return undefined;
  try {
    return { value: JSON.parse(decoder.decode(response.bytes)) };
  } catch {
    // Not JSON, whatever it calls itself: the caller says so.
    return undefined;
  }
}

/**
 * `Retry-After` in milliseconds: seconds, or a date (RFC 9110, 10.2.3).
 * @param now milliseconds since the epoch
 */
export function retryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function redirected(uri: string, response: ReadResponse): string {
  const location = response.headers.location;
  const target =
    location !== undefined && URL.canParse(location, uri) ? new URL(location, uri).origin : 'elsewhere';
  return `redirects to ${target}. Keys are not sent on: use the address that the server itself has`;
}

/** Something answered, and it was not BuildState: a proxy, a portal, another program. */
function stranger(uri: string, response: ReadResponse): UnreachableError {
  const { status, headers } = response;
  const type = (headers['content-type'] ?? 'no content type').slice(0, 80);
  const what =
    status >= 300 && status < 400
      ? redirected(uri, response)
      : `answered ${status} with ${type}, which is not an answer of BuildState. Check the address and what stands in between`;
  return new UnreachableError(`${uri} ${what}.`, { context: { uri, status } });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: Partial<FieldProblem> | null) =>
    typeof item?.path === 'string' && typeof item.message === 'string'
      ? [{ path: item.path, message: item.message }]
      : [],
  );
}

/** A problem document with everything in it of the type that it should have: servers may be anything. */
function cleanProblem(value: unknown, clean: (text: string) => string): Partial<Problem> | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const raw = value as Record<keyof Problem, unknown>;
  if (typeof raw.code !== 'string' && typeof raw.detail !== 'string') return undefined;
  const text = (member: unknown) => (typeof member === 'string' ? clean(member) : undefined);
  const context = raw.context !== null && typeof raw.context === 'object' ? raw.context : {};
  return {
    title: text(raw.title),
    detail: text(raw.detail),
    code: text(raw.code),
    request_id: text(raw.request_id),
    errors: fieldProblems(raw.errors),
    context: context as Problem['context'],
  };
}

function errorOf(uri: string, response: ReadResponse, secret: string | undefined): BuildStateError {
  // A server or proxy that repeats the request in its answer must not bring the key into a log.
  const clean = (text: string) =>
    (secret === undefined ? text : text.replaceAll(secret, '[key]')).replace(control, ' ');
  const problem = cleanProblem(parseJson(response)?.value, clean);
  return problem === undefined ? stranger(uri, response) : fromProblem(problem, response.status);
}

/**
 * Decides what a response means.
 * @param uri the server, without credentials
 * @param secret the API key, which no error may hold
 * @param now milliseconds since the epoch
 */
export function judge(
  uri: string,
  response: ReadResponse,
  secret: string | undefined,
  now: number,
): TryOutcome<HttpAnswer> {
  const { status, headers, bytes } = response;
  if (status >= 200 && status < 300) {
    if (bytes.length === 0) return { result: { headers, json: undefined } };
    const parsed = parseJson(response);
    if (parsed !== undefined) return { result: { headers, json: parsed.value } };
    return { error: stranger(uri, response), transient: false };
  }
  const pauseMs = retryAfter(headers['retry-after'], now);
  const error = errorOf(uri, response, secret);
  return {
    error,
    // The first sending of this request is being performed: its answer can be had in a moment.
    transient: transientStatuses.has(status) || error instanceof RequestInFlightError,
    ...(pauseMs !== undefined && { pauseMs }),
  };
}
