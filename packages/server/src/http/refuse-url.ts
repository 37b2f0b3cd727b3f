import type { Logger } from '@buildstate/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './problem-reply.ts';
import { setHeaders } from './security-headers.ts';

/** Answers a URL that the router cannot read. No hook runs for it, so its headers and its log line are made here. */
export function refuseUrl(error: Error, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  setHeaders(request, reply);
  sendProblem(error, request, reply);
  logger.info({ request_id: request.id, method: request.method, status: reply.statusCode }, 'refused URL');
}
