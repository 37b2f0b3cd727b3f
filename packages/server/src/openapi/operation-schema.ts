import { type OperationName, type Route, type Schemas, schemas } from '@buildstate/core';
import { z } from 'zod';
import { descriptions } from './descriptions.ts';
import { headersOf, requestHeaders } from './header-schema.ts';
import { problemResponses } from './problem-schema.ts';

/** A route's documentation in the form that Fastify's plugins take. It never validates: the tracker does. */
export interface RouteSchema {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly Record<string, readonly string[]>[];
  readonly params?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response?: Readonly<Record<number, object>>;
  readonly consumes?: readonly string[];
  readonly hide?: boolean;
  readonly headers?: z.ZodType;
}

/** How a key may be sent; see the security schemes of the document. */
export const keySecurity = [{ apiKey: [] }, { bearer: [] }] as const;

const noFields = (schema: z.ZodType) =>
  schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0;
const isNone = (schema: z.ZodType) => schema instanceof z.ZodUndefined;

/** Names of bodies by their schema, so that an operation and its alias share one component. */
const named = new WeakMap<z.ZodType, z.ZodType>();

function namedBody(name: string, body: z.ZodType): z.ZodType {
  const inner = body instanceof z.ZodOptional ? (body.unwrap() as z.ZodType) : body;
  const known = named.get(inner) ?? inner.meta({ id: `${name.charAt(0).toUpperCase()}${name.slice(1)}` });
  named.set(inner, known);
  return known;
}

function errorStatuses(route: Route, own: Schemas): number[] {
  const statuses = [400, 401, 403, 422, 429, 500, 503];
  if (!noFields(own.params)) statuses.push(404);
  if (route.method !== 'GET') statuses.push(409);
  if (!isNone(own.body)) statuses.push(408, 413, 415);
  return statuses.sort((a, b) => a - b);
}

function success(route: Route, own: Schemas): object {
  const description = route.status === 204 ? 'Done.' : route.summary;
  if (isNone(own.answer)) return z.undefined().describe(description);
  const schema = own.answer instanceof z.ZodOptional ? own.answer.unwrap() : own.answer;
  return { description, content: { 'application/json': { schema } } };
}

/** The documentation of a route with JSON in and out. */
export function describeRoute(name: string, route: Route, own: Schemas, description: string): RouteSchema {
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    description,
    security: route.scope === null ? [] : keySecurity,
    ...(!noFields(own.params) && { params: own.params }),
    ...(!noFields(own.query) && { querystring: own.query }),
    ...(!isNone(own.body) && { body: namedBody(name, own.body) }),
    ...(route.large === true && { consumes: ['application/json', 'application/x-ndjson'] }),
    response: { [route.status]: success(route, own), ...problemResponses(errorStatuses(route, own)) },
  };
}

const notModified: Readonly<Record<number, object>> = {
  304: z.undefined().describe('The caller has this version.'),
};

const nothing: Readonly<Record<number, object>> = {
  204: z.undefined().describe('There is nothing, also after waiting.'),
};

/** The documentation of one of the tracker's operations. */
export function operationSchema(name: OperationName, route: Route): RouteSchema {
  const scope = route.scope === null ? 'Open to everybody.' : `Needs the \`${route.scope}\` scope.`;
  const schema = describeRoute(name, route, schemas[name], `${descriptions[name]}\n\n${scope}`);
  const own = headersOf(name, route);
  const headers = requestHeaders(own, route);
  return {
    ...schema,
    ...(headers !== undefined && { headers }),
    response: {
      ...schema.response,
      ...(own.condition && problemResponses([412])),
      ...(own.tag && route.method === 'GET' ? notModified : {}),
      ...(route.waits === true && nothing),
    },
  };
}
