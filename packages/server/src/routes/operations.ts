import {
  type OperationName,
  type Outcome,
  pathsOf,
  type Route,
  routes,
  type Tracker,
  toWire,
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
import type { Metrics } from '../metrics/metrics.ts';
import { operationSchema } from '../openapi/operation-schema.ts';
import { fastifyPath } from './fastify-path.ts';
import { keyIn } from './idempotency-key.ts';
import { asPrecondition, versionAskedFor } from './if-match.ts';
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
}

/** Operations whose answer is one build, whose version is its ETag. */
const singleBuilds: ReadonlySet<OperationName> = new Set<OperationName>([
  'createBuild',
  'getBuild',
  'updateBuild',
  'retryBuild',
  'rollbackBuild',
  'cancelBuild',
]);

/** Tells that an answer was given before, to the same request. */
const replayedHeader = 'idempotency-replayed';

function setHeaders(
  name: OperationName,
  outcome: Outcome<OperationName>,
  url: string,
  reply: FastifyReply,
): void {
  const { body, next, replayed } = outcome;
  if (replayed === true) reply.header(replayedHeader, 'true');
  if (next !== undefined) reply.header('link', nextPageLink(url, next));
  if (singleBuilds.has(name) && body !== null && typeof body === 'object' && 'version' in body) {
    reply.header('etag', `"${String(body.version)}"`);
  }
}

async function perform(
  name: OperationName,
  route: Route,
  request: FastifyRequest,
  tracker: Tracker,
): Promise<Outcome<OperationName>> {
  const { params, query, body } = request;
  const ifVersion = versionAskedFor(request.headers['if-match'], name, route);
  const idempotencyKey = keyIn(request.headers['idempotency-key']);
  const context = { actor: actorOf(request), ifVersion, idempotencyKey };
  try {
    return await tracker.perform(name, { params, query, body }, context);
  } catch (error) {
    throw asPrecondition(error, ifVersion);
  }
}

function handler(name: OperationName, route: Route, parts: OperationParts): RouteHandlerMethod {
  const { tracker, authenticator, metrics } = parts;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const outcome = await perform(name, route, request, tracker);
    if (name === 'revokeToken') authenticator.forget((request.params as { token_id: string }).token_id);
    const answer: unknown = outcome.body;
    if (answer !== null && typeof answer === 'object') metrics.performed(name, answer);
    setHeaders(name, outcome, request.url, reply);
    reply.code(route.status);
    if (route.status === 204) return reply.send();
    return route.verbatim === true ? answer : toWire(answer);
  };
}

/** Registers every operation of the tracker, and its aliases, from the route table. */
export function registerOperations(app: FastifyInstance, parts: OperationParts): void {
  for (const [name, route] of Object.entries(routes) as [OperationName, Route][]) {
    const handle = handler(name, route, parts);
    const [path = route.path, ...aliases] = pathsOf(route);
    const config = { scope: route.scope, ...(route.large === true && parts.largeBodies) };
    const common = { method: route.method, config, handler: handle };
    app.route({ ...common, url: fastifyPath(path), schema: operationSchema(name, route) });
    for (const alias of aliases) app.route({ ...common, url: fastifyPath(alias), schema: { hide: true } });
  }
}
