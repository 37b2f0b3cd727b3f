import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpError } from '../errors/http-error.ts';
import { problemOf, problemType } from './problem-reply.ts';

/** What Node's parser refused before there was a request: by its error codes. */
const refusals: Readonly<Record<string, HttpError>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new HttpError('request_timeout', 'The request did not arrive in time.'),
  HPE_HEADER_OVERFLOW: new HttpError('headers_too_large', 'The headers are larger than 16 KiB.'),
};
const malformed = new HttpError('malformed', 'This is not HTTP/1.1.');

/**
 * Answers a connection whose bytes are no request, and closes it.
 * @param requestId of the answer
 */
export function refuseConnection(
  error: Error & { readonly code?: string },
  socket: Socket,
  requestId: string,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = refusals[error.code ?? ''] ?? malformed;
  const body = JSON.stringify(problemOf(refusal, requestId));
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    'Connection: close',
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
