import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LogController } from 'fastify';
import type { Logger } from 'pino';
import { infoWriter, type RequestLine } from './info-writer.ts';

/** Fastify's own lines per request give way to one of ours; what breaks off in the middle of a stream is kept. */
export class QuietLog extends LogController {
  constructor() {
    super({ disableRequestLogging: true });
  }

  /** An answer broke off after its headers were sent. */
  override streamError(error: Error, request: FastifyRequest): void {
    request.server.log.warn({ request_id: request.id, err: error }, 'an answer broke off');
  }
}

/** The path alone: what stands behind the question mark may be anything. */
function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function line(request: FastifyRequest, reply: FastifyReply): RequestLine {
  return {
    request_id: request.id,
    method: request.method,
    path: pathOf(request.url),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 100) / 100,
    actor: request.actor?.id,
    address: request.ip,
    code: request.failure?.code,
  };
}

/**
 * One line per request: `info`, `warn` for refused credentials, `error` with the cause for faults of the server.
 * No header, query or body is ever part of it.
 */
export function logRequests(app: FastifyInstance): void {
  const write = infoWriter(app.log as Logger);
  app.addHook('onResponse', (request, reply, done) => {
    const { failure } = request;
    const { log } = request.server;
    if (failure !== null && reply.statusCode >= 500) {
      log.error({ ...line(request, reply), err: failure.cause ?? failure }, failure.message);
    } else if (reply.statusCode === 401 || reply.statusCode === 403 || reply.statusCode === 429) {
      log.warn(line(request, reply), failure?.message ?? 'refused');
    } else {
      write(line(request, reply));
    }
    done();
  });
}
