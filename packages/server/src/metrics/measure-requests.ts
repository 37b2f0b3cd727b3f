import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** Codes of errors that are the store's. */
const storeCodes: ReadonlySet<string> = new Set(['store_failed', 'unavailable']);

/** Measures every request under its route's pattern, never under its path, which would make figures without end. */
export function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    const code = request.failure?.code;
    if (code !== undefined && storeCodes.has(code)) metrics.storeFailed(code);
    done();
  });
}
