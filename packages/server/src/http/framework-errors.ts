import { BuildStateError } from '@buildstate/core';
import { HttpError, type HttpErrorCode } from '../errors/http-error.ts';

/** Fastify's own errors that are the caller's, by its codes: our code and sentence. */
const known: Readonly<Record<string, readonly [code: HttpErrorCode, message: string]>> = {
  FST_ERR_BAD_URL: ['malformed', 'The path is not a valid URL: check its percent signs.'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri_too_long', 'A part of the path is longer than any id or name.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed', 'Content-Length is not the length of the body.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported_media_type',
    'The body must be JSON: send it with Content-Type: application/json.',
  ],
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Any error as one of ours: Fastify's get a sentence, unknown ones become `internal` and keep their cause. */
export function asBuildStateError(error: unknown, requestId: string): BuildStateError {
  if (error instanceof BuildStateError) return error;
  const [code, message] = known[codeOf(error)] ?? [];
  if (code !== undefined && message !== undefined) return new HttpError(code, message, { cause: error });
  return new HttpError(
    'internal',
    `The server failed in a way that it should not. Its log has the cause under request id ${requestId}.`,
    { cause: error },
  );
}
