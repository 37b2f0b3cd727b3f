import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Headers of every answer. Answers are data: nothing may run, be framed, be sniffed or be kept by caches. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Sets security headers and `X-Request-Id` on one answer. */
export function setHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(headers).header('x-request-id', request.id);
}

/** Sets them on every answer; routes that need others set those over these. */
export function setSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    setHeaders(request, reply);
    done();
  });
}
