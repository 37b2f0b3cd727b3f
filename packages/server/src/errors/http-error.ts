import { BuildStateError, type ErrorDetails, type ErrorKind } from '@buildstate/core';

/** Errors that only exist in HTTP: their code, status and kind. */
const table = {
  content_range: [416, 'invalid'],
  internal: [500, 'failed'],
  length_required: [411, 'invalid'],
  malformed: [400, 'invalid'],
  method_not_allowed: [405, 'invalid'],
  precondition_failed: [412, 'conflict'],
  rate_limited: [429, 'unavailable'],
  headers_too_large: [431, 'too_large'],
  request_timeout: [408, 'timeout'],
  stored_elsewhere: [409, 'conflict'],
  unsupported_media_type: [415, 'invalid'],
  uri_too_long: [414, 'invalid'],
} as const satisfies Record<string, readonly [status: number, kind: ErrorKind]>;

/** The code of an error that only exists in HTTP. */
export type HttpErrorCode = keyof typeof table;

/** The codes of all errors that only exist in HTTP. */
export const httpErrorCodes = Object.keys(table) as readonly HttpErrorCode[];

/** What an HTTP error carries besides its sentence. */
export interface HttpErrorDetails extends ErrorDetails {
  /** Response headers, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that fails for a reason that only exists in HTTP, with its status and response headers. */
export class HttpError extends BuildStateError {
  readonly code: HttpErrorCode;
  readonly kind: ErrorKind;
  /** The response's status. */
  readonly status: number;
  /** Response headers. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: HttpErrorCode, message: string, details: HttpErrorDetails = {}) {
    super(message, details);
    this.code = code;
    [this.status, this.kind] = table[code];
    this.headers = details.headers ?? {};
  }
}
