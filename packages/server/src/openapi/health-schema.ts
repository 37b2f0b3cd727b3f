import type { Scope } from '@buildstate/core';
import { z } from 'zod';
import { keySecurity, type RouteSchema } from './operation-schema.ts';
import { problemResponses } from './problem-schema.ts';

const time = z.iso.datetime();
const healthAnswer = z.object({ status: z.literal('ok'), timestamp: time }).meta({ id: 'Health' });
const readyAnswer = z
  .object({
    ready: z.boolean(),
    database: z.enum(['ok', 'unavailable']),
    phase: z.enum(['starting', 'ready', 'draining']),
    timestamp: time,
  })
  .meta({ id: 'Readiness' });
const statusAnswer = z
  .object({
    version: z.string(),
    uptime: z.int().describe('Seconds since the start'),
    status: z.enum(['starting', 'ready', 'draining']),
  })
  .meta({ id: 'Status' });

const tags = ['Health'];
const json = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema } },
});

/** The documentation of the health routes. */
export const healthSchemas = {
  health: {
    operationId: 'getHealth',
    tags,
    summary: 'Whether the process lives',
    description: 'Answers as long as the process can. Also at `/health/liveness`.',
    security: [],
    response: { 200: json('It lives.', healthAnswer) },
  },
  ready: {
    operationId: 'getReadiness',
    tags,
    summary: 'Whether the server takes work',
    description:
      '503 while it starts, while it drains before it stops, and while its store does not answer. Also at `/health/readiness`.',
    security: [],
    response: { 200: json('It takes work.', readyAnswer), 503: json('It does not.', readyAnswer) },
  },
  status: {
    operationId: 'getStatus',
    tags,
    summary: 'Version and time since the start',
    description: 'For people and for compatibility checks of clients.',
    security: [],
    response: { 200: json('The status.', statusAnswer) },
  },
  metrics: (scope: Scope | null) => ({
    operationId: 'getMetrics',
    tags,
    summary: 'Figures for Prometheus',
    description: `Prometheus text format. ${scope === null ? 'Open to everybody here.' : `Needs the \`${scope}\` scope unless the server opens it.`}`,
    security: scope === null ? [] : keySecurity,
    response: {
      200: { description: 'The figures.', content: { 'text/plain': { schema: z.string() } } },
      ...(scope !== null && problemResponses([401, 403, 429, 503])),
    },
  }),
} as const satisfies Record<string, RouteSchema | ((scope: Scope | null) => RouteSchema)>;
