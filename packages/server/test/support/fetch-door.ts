import {
  type Door,
  type DoorOptions,
  fromProblem,
  fromWire,
  type OperationName,
  type Route,
  routes,
  toWire,
} from '@buildstate/core';

import { follow } from './follow.ts';

function filled(path: string, params: Readonly<Record<string, unknown>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

/** The plainest client that can be: a door to a live server over `fetch`, without retries. */
export function fetchDoor(url: string, apiKey: string): Door {
  return {
    uri: url,
    async call<K extends OperationName>(
      operation: K,
      input: Parameters<Door['call']>[1],
      { idempotencyKey: key, ifMatch, signal }: DoorOptions = {},
    ) {
      const route: Route = routes[operation];
      const {
        params = {},
        query = {},
        body,
      } = input as Record<'params' | 'query' | 'body', object | undefined>;
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(toWire(query) as object)) search.append(name, String(value));
      const path = filled(route.path, toWire(params) as Record<string, unknown>);
      const response = await fetch(`${url}${path}?${search}`, {
        method: route.method,
        ...(signal !== undefined && { signal }),
        headers: {
          'x-api-key': apiKey,
          ...(ifMatch !== undefined && {
            'if-match': ifMatch.map((tag) => (tag === '*' ? tag : `"${tag}"`)).join(', '),
          }),
          ...(key !== undefined && { 'idempotency-key': key }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(toWire(body)) }),
      });
      const text = await response.text();
      const answer: unknown = text === '' ? undefined : JSON.parse(text);
      if (!response.ok) throw fromProblem(answer as object, response.status);
      const etag = /^"(.*)"$/.exec(response.headers.get('etag') ?? '')?.[1];
      const link = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
      const next = link === undefined ? undefined : new URL(link, url).searchParams.get('cursor');
      return {
        body: route.verbatim === true ? answer : fromWire(answer),
        ...(typeof next === 'string' && { next }),
        ...(etag !== undefined && { etag }),
        ...(response.headers.get('idempotency-replayed') === 'true' && { replayed: true }),
      } as never;
    },
    async *follow(operation, { params = {}, query = {} }, { signal } = {}) {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(toWire(query) as object)) search.append(name, String(value));
      const path = filled(routes[operation].path, toWire(params) as Record<string, unknown>);
      const stream = await follow(`${url}${path}?${search}`, { key: apiKey });
      signal?.addEventListener('abort', () => stream.close());
      try {
        for (let next = 0; ; next += 1) {
          await stream.until(() => signal?.aborted === true || stream.events().length > next);
          if (signal?.aborted) return;
          yield fromWire(stream.events()[next]?.data) as never;
        }
      } finally {
        stream.close();
      }
    },
    async close() {},
  };
}
