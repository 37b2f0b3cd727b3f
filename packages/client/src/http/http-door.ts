import type {
  DoorOptions,
  FollowedOperation,
  OperationAnswer,
  OperationInput,
  OperationName,
  Outcome,
} from '@buildstate/core';
import { fromWire, NotFoundError, type Route, toWire } from '@buildstate/core/light';
import { routes } from '@buildstate/core/routes';
import { carriesOnceId } from '../api/once.ts';
import type { ServerBytes } from '../artifact/server-bytes.ts';
import type { ClientDoor, ClientDoorOptions } from '../client-door.ts';
import type { Health } from '../health.ts';
import { fillPath } from './fill-path.ts';
import type { ResolvedLimits } from './limits.ts';
import { nextCursor } from './link-header.ts';
import type { Requester, ServerRequest } from './requester.ts';
import { ServerContentBackend } from './server-content.ts';
import { beginServerUpload } from './server-upload.ts';

type Values = Readonly<Record<string, unknown>>;

function queryText(query: Values): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.append(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** A text as a string of structured fields (RFC 9651, 4.1.6). */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A key for a request that can carry nothing else by which a repetition of it is known as one. */
function newKey({ method, repeatable }: Route): string | undefined {
  return method === 'POST' && !repeatable ? globalThis.crypto.randomUUID() : undefined;
}

function headersOf(
  { ifMatch }: ClientDoorOptions,
  key: string | undefined,
): Readonly<Record<string, string>> {
  const tags = ifMatch?.map((tag) => (tag === '*' ? tag : `"${tag}"`)).join(', ');
  return {
    ...(tags !== undefined && { 'if-match': tags }),
    ...(key !== undefined && { 'idempotency-key': quoted(key) }),
  };
}

/** Where a call differs from what is usual: one that may take long is tried once. */
function limitsOf({ tries, timeoutMs }: ClientDoorOptions): Partial<ResolvedLimits> {
  return {
    ...(timeoutMs !== undefined && { tryMs: timeoutMs, totalMs: timeoutMs, tries: 1 }),
    ...(tries !== undefined && { tries }),
  };
}

/** Milliseconds that an operation is asked to wait. */
function waitOf({ waits }: Route, body: unknown): number {
  if (waits !== true) return 0;
  const { waitSeconds = 0 } = (body ?? {}) as { readonly waitSeconds?: number };
  return waitSeconds * 1000;
}

/** An operation as a request: the table of routes says how. */
function requestOf<K extends OperationName>(
  operation: K,
  input: Partial<OperationInput<K>>,
  options: ClientDoorOptions,
): ServerRequest {
  const route: Route = routes[operation];
  const safe = route.repeatable && carriesOnceId(operation, input.body);
  const { idempotencyKey = newKey(route) } = options;
  const path = fillPath(route.path, toWire(input.params ?? {}) as Values);
  return {
    method: route.method,
    path: `${path}${queryText(toWire(input.query ?? {}) as Values)}`,
    ...(input.body !== undefined && { body: { json: toWire(input.body) } }),
    headers: headersOf(options, idempotencyKey),
    repeatable: safe || idempotencyKey !== undefined,
    callerMayRepeat: safe || options.idempotencyKey !== undefined,
    signal: options.signal,
    waitMs: waitOf(route, input.body),
    limits: limitsOf(options),
  };
}

/** A tracker behind HTTP. */
export class HttpDoor implements ClientDoor {
  readonly mode = 'server';
  /** The bytes that the server keeps itself. */
  readonly serverBytes: ServerBytes;
  readonly #requester: Requester;
  readonly #bytes: Requester;

  /**
   * @param requester sends JSON
   * @param bytes sends and fetches the bytes of artifacts
   */
  constructor(requester: Requester, bytes: Requester) {
    this.#requester = requester;
    this.#bytes = bytes;
    this.serverBytes = {
      upload: (upload) => beginServerUpload(bytes, upload),
      content: (build, artifactId) => new ServerContentBackend(bytes, build, artifactId),
    };
  }

  get uri(): string {
    return this.#requester.uri;
  }

  async call<K extends OperationName>(
    operation: K,
    input: Partial<OperationInput<K>>,
    options: ClientDoorOptions = {},
  ): Promise<Outcome<K>> {
    const route: Route = routes[operation];
    let tries = 0;
    try {
      const { json, headers } = await this.#requester.json(requestOf(operation, input, options), (number) => {
        tries = number;
      });
      const body = (route.verbatim === true ? json : fromWire(json)) as OperationAnswer<K>;
      const next = nextCursor(headers.link, this.uri);
      const replayed = headers['idempotency-replayed'] === 'true';
      const etag = /^"(.*)"$/.exec(headers.etag ?? '')?.[1];
      return {
        body,
        ...(next !== undefined && { next }),
        ...(etag !== undefined && { etag }),
        ...(replayed && { replayed }),
      };
    } catch (error) {
      // The first try may have deleted it before its answer was lost: what was asked for is the case.
      if (route.method === 'DELETE' && tries > 1 && error instanceof NotFoundError) {
        return { body: undefined as OperationAnswer<K> };
      }
      throw error;
    }
  }

  async *follow<K extends FollowedOperation>(
    operation: K,
    input: Partial<OperationInput<K>>,
    { signal }: Pick<DoorOptions, 'signal'> = {},
  ): AsyncGenerator<OperationAnswer<K>[number], void> {
    const { followStream } = await import('./follow-stream.ts');
    const stopped = new AbortController();
    const ending = signal === undefined ? stopped.signal : AbortSignal.any([signal, stopped.signal]);
    const { path } = requestOf(operation, input, {});
    try {
      for await (const json of followStream(this.#requester, path, ending))
        yield fromWire<OperationAnswer<K>[number]>(json);
    } finally {
      stopped.abort();
    }
  }

  async health({ signal }: DoorOptions = {}): Promise<Health> {
    const request = { method: 'GET', path: '/health', repeatable: true, signal };
    return fromWire<Health>((await this.#requester.json(request)).json);
  }

  async close(): Promise<void> {
    await this.#requester.close();
    await this.#bytes.close();
  }
}
