import {
  type FollowedOperation,
  type OperationName,
  type Outcome,
  pathsOf,
  type Route,
  routes,
  type Tracker,
  toWireJson,
} from '@buildstate/core';
import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RouteHandlerMethod,
} from 'fastify';
import type { Authenticator } from '../auth/authenticator.ts';
import { actorOf } from '../auth/guard.ts';
import type { Lifecycle } from '../lifecycle.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { operationSchema } from '../openapi/operation-schema.ts';
import { asksForStream, type StreamParts, serveStream } from '../streams/stream-route.ts';
import { isKnown, tagsAskedFor } from './conditions.ts';
import { fastifyPath } from './fastify-path.ts';
import { keyOf, replayedHeader } from './idempotency-key.ts';
import { nextPageLink } from './page-link.ts';

/** What the operations' routes are built on. */
export interface OperationParts {
  /** Decides everything. */
  readonly tracker: Tracker;
  /** Forgets keys that were revoked. */
  readonly authenticator: Authenticator;
  /** What routes say that take large lists. */
  readonly largeBodies: Pick<FastifyContextConfig, 'bodyBytes' | 'lines'>;
  /** Counts transitions. */
  readonly metrics: Metrics;
  /** Serves lists of events as streams. */
  readonly streams: StreamParts;
  /** Tells when nobody should be kept waiting any more. */
  readonly lifecycle: Pick<Lifecycle, 'draining'>;
}

/** What Fastify calls JSON when it makes it. */
const jsonType = 'application/json; charset=utf-8';

function setHeaders(
  { next, etag, replayed }: Outcome<OperationName>,
  url: string,
  reply: FastifyReply,
): void {
  if (replayed === true) reply.header(replayedHeader, 'true');
  if (next !== undefined) reply.header('link', nextPageLink(url, next));
  if (etag !== undefined) reply.header('etag', `"${etag}"`);
}

function perform(
  name: OperationName,
  request: FastifyRequest,
  tracker: Tracker,
  signal?: AbortSignal,
): Promise<Outcome<OperationName>> {
  const { params, query, body, ignoredFields } = request;
  return tracker.perform(
    name,
    { params, query, body },
    {
      actor: actorOf(request),
      ifMatch: tagsAskedFor(request),
      idempotencyKey: keyOf(request),
      ignoredFields,
      ...(signal !== undefined && { signal }),
    },
  );
}

/** Performs an operation that may wait, until the caller has gone or the server drains. */
async function performWaiting(
  name: OperationName,
  request: FastifyRequest,
  reply: FastifyReply,
  { tracker, lifecycle }: OperationParts,
): Promise<Outcome<OperationName>> {
  const gone = new AbortController();
  const onClose = () => gone.abort();
  reply.raw.once('close', onClose);
  try {
    return await perform(name, request, tracker, AbortSignal.any([gone.signal, lifecycle.draining]));
  } finally {
    reply.raw.off('close', onClose);
  }
}

function handler(name: OperationName, route: Route, parts: OperationParts): RouteHandlerMethod {
  const { tracker, authenticator, metrics } = parts;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const outcome = route.waits
      ? await performWaiting(name, request, reply, parts)
      : await perform(name, request, tracker);
    if (name === 'revokeToken') authenticator.forget((request.params as { token_id: string }).token_id);
    const answer: unknown = outcome.body;
    if (name === 'eraseUser')
      for (const id of (answer as { keys: readonly string[] }).keys) authenticator.forget(id);
    if (answer !== null && typeof answer === 'object') metrics.performed(name, answer);
    setHeaders(outcome, request.url, reply);
    if (outcome.etag !== undefined && isKnown(request, outcome.etag)) return reply.code(304).send();
    if (route.status === 204 || answer === undefined) return reply.code(204).send();
    reply.code(route.status);
    return reply
      .type(jsonType)
      .serializer(route.verbatim === true ? JSON.stringify : toWireJson)
      .send(answer);
  };
}

/** A list of events, or the same as a stream for those who accept one. */
function listOrStream(name: OperationName, route: Route, parts: OperationParts): RouteHandlerMethod {
  const list = handler(name, route, parts);
  return function listed(this: FastifyInstance, request, reply) {
    reply.header('vary', 'accept');
    if (asksForStream(request)) return serveStream(name as FollowedOperation, request, reply, parts.streams);
    return list.call(this, request, reply);
  };
}

/** Registers every operation of the tracker, and its aliases, from the route table. */
export function registerOperations(app: FastifyInstance, parts: OperationParts): void {
  for (const [name, route] of Object.entries(routes) as [OperationName, Route][]) {
    const handle = route.stream === true ? listOrStream(name, route, parts) : handler(name, route, parts);
    const [path = route.path, ...aliases] = pathsOf(route);
    const { scope, verbatim } = route;
    const config = { scope, verbatim, ...(route.large === true && parts.largeBodies) };
    const common = { method: route.method, config, handler: handle };
    app.route({ ...common, url: fastifyPath(path), schema: operationSchema(name, route) });
    for (const alias of aliases) app.route({ ...common, url: fastifyPath(alias), schema: { hide: true } });
  }
}
