import type { FastifyInstance } from 'fastify';
import type { Lifecycle } from '../lifecycle.ts';

/** While a server drains, every answer closes its connection, so that clients go elsewhere with the next request. */
export function closeWhileDraining(app: FastifyInstance, lifecycle: Lifecycle): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (lifecycle.phase === 'draining') reply.header('connection', 'close');
    done();
  });
}
