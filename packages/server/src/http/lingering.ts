import type { FastifyInstance } from 'fastify';
import type { BodyWatch } from './body-watch.ts';

/**
 * What becomes of a body that nobody reads, because its request was answered early (no key, too large, unknown
 * path). Closing the connection at once would reset it, and the client would never see the answer; reading on
 * for ever would hand the connection to whoever drips. So the rest is read and dropped for a bounded time.
 */
export function limitLingering(app: FastifyInstance, watch: BodyWatch, lingerMs: number): void {
  app.addHook('onResponse', (request, _reply, done) => {
    const message = request.raw;
    if (!message.complete && !message.destroyed) {
      watch.watch(message, lingerMs, () => message.socket.destroy());
      message.once('close', () => watch.done(message));
      message.once('end', () => watch.done(message));
      message.resume();
    }
    done();
  });
}
