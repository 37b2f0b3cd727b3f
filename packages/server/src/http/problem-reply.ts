import {
  type BuildStateError,
  type Problem,
  RequestInFlightError,
  statusOf,
  toProblem,
} from '@buildstate/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../errors/http-error.ts';
import { asBuildStateError } from './framework-errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Why the request failed, for its log line and the metrics. */
    failure: BuildStateError | null;
  }
}

/** The media type of errors (RFC 9457). */
export const problemType = 'application/problem+json';

/** Seconds after which a client may try again what is unavailable now. */
const retryAfterSeconds = '1';

/** An error as it goes over the wire. */
export function problemOf(error: BuildStateError, requestId: string): Problem {
  const problem = toProblem(error, requestId);
  return error instanceof HttpError ? { ...problem, status: error.status } : problem;
}

function headersOf(error: BuildStateError, status: number): Readonly<Record<string, string>> {
  const own = error instanceof HttpError ? error.headers : {};
  if (status === 503 || error instanceof RequestInFlightError)
    return { 'retry-after': retryAfterSeconds, ...own };
  if (status === 401) return { 'www-authenticate': 'Bearer realm="buildstate"', ...own };
  return own;
}

/** Answers with a problem, and notes the failure for the request's log line. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = asBuildStateError(error, request.id);
  request.failure = known;
  const status = known instanceof HttpError ? known.status : statusOf(known);
  // Headers that were meant for a success. `Connection: close` is Fastify's, after a body that was refused: it would
  // reset the connection before the client has read the answer; see `limitLingering`.
  for (const header of ['etag', 'content-length', 'content-range', 'connection']) reply.removeHeader(header);
  return (
    reply
      .code(status)
      .headers(headersOf(known, status))
      .type(problemType)
      // The route's own may be set already.
      .serializer(String)
      .send(JSON.stringify(problemOf(known, request.id)))
  );
}

/** Makes every error of every route a problem. */
export function answerProblems(app: FastifyInstance): void {
  app.decorateRequest('failure', null);
  app.setErrorHandler((error, request, reply) => {
    sendProblem(error, request, reply);
  });
}
