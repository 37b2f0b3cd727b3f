import type { Clock, Scope, StateStore } from '@buildstate/core';
import { timestamp, UnavailableError } from '@buildstate/core';
import type { FastifyInstance } from 'fastify';
import type { Lifecycle } from '../lifecycle.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { healthSchemas } from '../openapi/health-schema.ts';

/** What health is told from. */
export interface HealthParts {
  /** Whose answer makes the server ready. */
  readonly store: Pick<StateStore, 'ping'>;
  /** Whether it starts, serves or drains. */
  readonly lifecycle: Lifecycle;
  /** For the times in answers. */
  readonly clock: Clock;
  /** What `/metrics` shows. */
  readonly metrics: Metrics;
  /** Whether `/metrics` needs no key. */
  readonly openMetrics: boolean;
  /** The package's version. */
  readonly version: string;
}

/** Milliseconds that a store may take to say that it is there. */
const pingMs = 2000;

async function answers(parts: HealthParts): Promise<boolean> {
  const giveUp = new AbortController();
  try {
    await Promise.race([
      parts.store.ping(),
      parts.clock.sleep(pingMs, giveUp.signal).then(() => {
        throw new UnavailableError('The store did not answer.');
      }),
    ]);
    return true;
  } catch {
    // Whatever the reason: the answer to the question is no. Operations log and report the cause.
    return false;
  } finally {
    giveUp.abort();
  }
}

/** Registers health, readiness, status and metrics. */
export function registerHealth(app: FastifyInstance, parts: HealthParts): void {
  const { clock, lifecycle, metrics } = parts;
  const startedAt = clock.monotonic();
  const open = { scope: null };
  const metricsScope: Scope | null = parts.openMetrics ? null : 'read';

  const health = { config: open, handler: () => ({ status: 'ok', timestamp: timestamp(clock.now()) }) };
  app.get('/health', { ...health, schema: healthSchemas.health });
  app.get('/health/liveness', { ...health, schema: { hide: true } });

  const ready = {
    config: open,
    handler: async (_request: unknown, reply: { code(status: number): unknown }) => {
      const database = await answers(parts);
      const isReady = database && lifecycle.phase === 'ready';
      reply.code(isReady ? 200 : 503);
      return {
        ready: isReady,
        database: database ? 'ok' : 'unavailable',
        phase: lifecycle.phase,
        timestamp: timestamp(clock.now()),
      };
    },
  };
  app.get('/ready', { ...ready, schema: healthSchemas.ready });
  app.get('/health/readiness', { ...ready, schema: { hide: true } });

  app.get('/status', {
    config: open,
    schema: healthSchemas.status,
    handler: () => ({
      version: parts.version,
      uptime: Math.round((clock.monotonic() - startedAt) / 1000),
      status: lifecycle.phase,
    }),
  });

  app.get('/metrics', {
    config: { scope: metricsScope },
    schema: healthSchemas.metrics(metricsScope),
    handler: async (_request, reply) => {
      reply.type(metrics.registry.contentType);
      return metrics.registry.metrics();
    },
  });
}
