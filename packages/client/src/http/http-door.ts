import type {
  Door,
  DoorOptions,
  OperationAnswer,
  OperationInput,
  OperationName,
  Outcome,
} from '@buildstate/core';
import { fromWire, NotFoundError, type Route, toWire } from '@buildstate/core/light';
import { routes } from '@buildstate/core/routes';
import { carriesOnceId } from '../api/once.ts';
import { nextCursor } from './link-header.ts';
import type { Requester, ServerRequest } from './requester.ts';

type Values = Readonly<Record<string, unknown>>;

/** Puts parameters into a path, each as one segment. */
export function fillPath(path: string, params: Values): string {
  return path.replace(/\{([a-z_]+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function queryText(query: Values): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.append(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** An operation as a request: the table of routes says how. */
function requestOf<K extends OperationName>(
  operation: K,
  input: Partial<OperationInput<K>>,
  options: DoorOptions,
): ServerRequest {
  const route: Route = routes[operation];
  const path = fillPath(route.path, toWire(input.params ?? {}) as Values);
  return {
    method: route.method,
    path: `${path}${queryText(toWire(input.query ?? {}) as Values)}`,
    ...(input.body !== undefined && { body: { json: toWire(input.body) } }),
    repeatable: route.repeatable && carriesOnceId(operation, input.body),
    signal: options.signal,
  };
}

/** A tracker behind HTTP. */
export class HttpDoor implements Door {
  readonly #requester: Requester;

  constructor(requester: Requester) {
    this.#requester = requester;
  }

  get uri(): string {
    return this.#requester.uri;
  }

  async call<K extends OperationName>(
    operation: K,
    input: Partial<OperationInput<K>>,
    options: DoorOptions = {},
  ): Promise<Outcome<K>> {
    const route: Route = routes[operation];
    let tries = 0;
    try {
      const { json, headers } = await this.#requester.json(requestOf(operation, input, options), (number) => {
        tries = number;
      });
      const body = (route.verbatim === true ? json : fromWire(json)) as OperationAnswer<K>;
      const next = nextCursor(headers.link, this.uri);
      return { body, ...(next !== undefined && { next }) };
    } catch (error) {
      // The first try may have deleted it before its answer was lost: what was asked for is the case.
      if (route.method === 'DELETE' && tries > 1 && error instanceof NotFoundError) {
        return { body: undefined as OperationAnswer<K> };
      }
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#requester.close();
  }
}
