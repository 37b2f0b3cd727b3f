import type { OpenAPIV3_1 } from 'openapi-types';

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
