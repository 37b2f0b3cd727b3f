import { answersTag, type OperationName, routes } from '@buildstate/core';
import type { OpenAPIV3_1 } from 'openapi-types';

const taggedOperations: ReadonlySet<string> = new Set(
  (Object.keys(routes) as OperationName[]).filter(answersTag),
);

type Node = Record<string, unknown>;

const prefix = '#/components/schemas/';
/** Any JSON value. Zod describes it by a schema that contains itself, which has no name to be referred to by. */
const anyJson = {
  name: 'JsonValue',
  schema: { description: 'Any JSON value, nested at most 32 levels deep.' },
};
const unnamed = /^#\/components\/schemas\/(__shared#\/\$defs\/)?schema\d+$/;

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === 'object';
}

/** Calls `visit` with every object in a value. */
function walk(value: unknown, visit: (node: Node) => void): void {
  if (!isNode(value)) return;
  if (!Array.isArray(value)) visit(value);
  for (const member of Object.values(value)) walk(member, visit);
}

/** Names of the schemas that a value refers to, directly or through others. */
function reachable(from: unknown, components: Node): Set<string> {
  const found = new Set<string>();
  const queue: unknown[] = [from];
  while (queue.length > 0) {
    walk(queue.pop(), ({ $ref }) => {
      if (typeof $ref !== 'string' || !$ref.startsWith(prefix)) return;
      const name = $ref.slice(prefix.length);
      if (found.has(name)) return;
      found.add(name);
      queue.push(components[name]);
    });
  }
  return found;
}

/** Headers that answers carry, by the status class that carries them. */
const requestIdHeader = {
  'X-Request-Id': { description: "The request's id.", schema: { type: 'string' } },
};

function header(description: string) {
  return { description, schema: { type: 'string' } };
}

const replayed = header('`true` when this is the answer to an earlier sending of the same request.');
const etag = header('Stands for the present content; changes take it as If-Match, reads as If-None-Match.');
const ignored = header(
  'Unknown fields of the request that were ignored, in URI encoding; only of servers that do not refuse them.',
);
const link = header('The next page of a list, as `<path>; rel="next"`; none after the last.');

/** Headers of a success that follow from what the operation takes. */
function successHeaders({ parameters, operationId, requestBody }: Node, status: string): Node {
  if (!status.startsWith('2')) return {};
  const taken = (Array.isArray(parameters) ? parameters : []) as readonly Node[];
  const takes = (name: string) => taken.some((one) => one.name === name);
  return {
    ...(takes('Idempotency-Key') && { 'Idempotency-Replayed': replayed }),
    ...(taggedOperations.has(String(operationId)) && { ETag: etag }),
    ...(takes('cursor') && { Link: link }),
    ...((requestBody !== undefined || taken.some((one) => one.in === 'query')) && {
      'Ignored-Fields': ignored,
    }),
  };
}

function finishOperation(operation: Node, optionalBodies: ReadonlySet<string>): void {
  const body = operation.requestBody;
  if (
    isNode(body) &&
    typeof operation.operationId === 'string' &&
    optionalBodies.has(operation.operationId)
  ) {
    body.required = false;
  }
  if (!isNode(operation.responses)) return;
  for (const [status, response] of Object.entries(operation.responses)) {
    if (!isNode(response)) continue;
    const retry = status === '429' || status === '503';
    const seconds = { description: 'Seconds to wait.', schema: { type: 'integer' } };
    response.headers = {
      ...requestIdHeader,
      ...(retry && { 'Retry-After': seconds }),
      ...successHeaders(operation, status),
      ...(isNode(response.headers) && response.headers),
    };
  }
}

/**
 * Puts right what the plugins cannot know: bodies that may be left out, headers of answers, the schema of any JSON,
 * and components that nothing refers to.
 * @param optionalBodies operation ids whose body may be left out
 */
export function finishDocument(
  document: Partial<OpenAPIV3_1.Document>,
  optionalBodies: ReadonlySet<string>,
): Partial<OpenAPIV3_1.Document> {
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path ?? {})) {
      if (isNode(operation)) finishOperation(operation, optionalBodies);
    }
  }
  walk(document, (node) => {
    if (typeof node.$ref === 'string' && unnamed.test(node.$ref)) node.$ref = `${prefix}${anyJson.name}`;
  });
  const components: Node = { ...document.components?.schemas, [anyJson.name]: anyJson.schema };
  const used = reachable(document.paths, components);
  const schemas = Object.fromEntries(
    Object.entries(components)
      .filter(([name]) => used.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return {
    ...document,
    components: { ...document.components, schemas: schemas as OpenAPIV3_1.ComponentsObject['schemas'] },
  };
}
