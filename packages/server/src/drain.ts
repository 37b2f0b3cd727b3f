import type { Clock } from '@buildstate/core';
import type { FastifyInstance } from 'fastify';
import type { Lifecycle } from './lifecycle.ts';

/** What draining needs to know. */
export interface DrainParts {
  /** The app that listens. */
  readonly app: FastifyInstance;
  /** Told first, so that readiness fails at once. */
  readonly lifecycle: Lifecycle;
  /** Measures. */
  readonly clock: Clock;
  /** Milliseconds in which connections are still accepted. */
  readonly noticeMs: number;
  /** Milliseconds for requests under way. */
  readonly drainMs: number;
}

/**
 * Takes a server out of work without failing a request that it has accepted: unready at once; for a moment still
 * accepting, with every answer closing its connection, so that neither load balancers nor kept-alive clients run into
 * a closed door; then no new connections, and the rest gets to finish. What takes longer than `drainMs` is cut off.
 */
export async function drain({ app, lifecycle, clock, noticeMs, drainMs }: DrainParts): Promise<void> {
  lifecycle.drain();
  if (noticeMs > 0) await clock.sleep(noticeMs);
  const finished = new AbortController();
  const closing = app.close().then(() => finished.abort());
  const outOfTime = clock.sleep(drainMs, finished.signal).then(
    () => app.server.closeAllConnections(),
    (error: unknown) => {
      if (!finished.signal.aborted) throw error;
    },
  );
  await Promise.all([closing, outOfTime]);
}
