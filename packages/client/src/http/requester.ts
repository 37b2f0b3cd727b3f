import type { Clock } from '@buildstate/core';
import { BuildStateError, ConfigurationError, UnreachableError } from '@buildstate/core/light';
import { type HttpAnswer, judge, type ReadResponse } from './answer.ts';
import type { BaseUrl } from './base-url.ts';
import { networkFault } from './fault.ts';
import type { ResolvedLimits } from './limits.ts';
import { readBody } from './read-body.ts';
import { type TryOutcome, withRetries } from './retry.ts';
import type { HttpRequest, HttpResponse, HttpTransport } from './transport.ts';
import { withinLimit } from './try-limit.ts';

/** What requests to one server need. */
export interface RequesterParts {
  /** Where the server is. */
  readonly base: BaseUrl;
  /** The API key. */
  readonly apiKey?: string;
  /** Sends single requests. */
  readonly transport: HttpTransport;
  /** Times and numbers. */
  readonly limits: ResolvedLimits;
  /** Measures time and pauses. */
  readonly clock: Clock;
  /** For jitter. */
  readonly random: () => number;
}

/** One request to the server. */
export interface ServerRequest {
  /** The method, in capitals. */
  readonly method: string;
  /** Path and query, from the slash on. */
  readonly path: string;
  /** What is sent: JSON with the names of the wire, or bytes. */
  readonly body?: { readonly json: unknown } | { readonly bytes: Uint8Array };
  /** More headers, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether sending it twice has one effect. */
  readonly repeatable: boolean;
  /** Whether the caller may simply do it again, as another request. @default `repeatable` */
  readonly callerMayRepeat?: boolean;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  /** Milliseconds that the server may wait for something because it was asked to, beyond the limits. @default 0 */
  readonly waitMs?: number;
  /** Other limits than the usual ones, for this request. */
  readonly limits?: Partial<ResolvedLimits>;
}

/** Problem documents are small. */
const largestRefusal = 1024 * 1024;

function checkKey(key: string | undefined): string | undefined {
  // Libraries put a value that no header can hold into their error's message.
  if (key === undefined || /^[\x21-\x7e]+$/.test(key)) return key;
  throw new ConfigurationError(
    'The API key has blanks or characters that a key cannot have. Was it copied whole, without a line break?',
  );
}

/** Sends requests to one server with its key, limits and repeats. Shows nothing of the key to anybody who looks. */
export class Requester {
  readonly #parts: RequesterParts;
  readonly #secrets: { readonly key?: string; readonly headers: Readonly<Record<string, string>> };

  /** @throws ConfigurationError for a key that no header can hold */
  constructor(parts: RequesterParts) {
    const { apiKey, base, ...rest } = parts;
    const key = checkKey(apiKey);
    this.#parts = { base, ...rest };
    this.#secrets = {
      key,
      headers: {
        ...(key !== undefined && { 'x-api-key': key }),
        ...(base.authorization !== undefined && { authorization: base.authorization }),
      },
    };
  }

  /** The server, without credentials. */
  get uri(): string {
    return this.#parts.base.uri;
  }

  /**
   * One JSON call.
   * @param onTry told the number of each try, for calls where that matters
   * @throws the error of the problem document; UnreachableError, LimitError; the signal's reason
   */
  json(request: ServerRequest, onTry?: (number: number) => void): Promise<HttpAnswer> {
    const { clock, random } = this.#parts;
    const { waitMs = 0 } = request;
    const usual = { ...this.#parts.limits, ...request.limits };
    const limits = { ...usual, tryMs: usual.tryMs + waitMs, totalMs: usual.totalMs + waitMs };
    const context = { clock, random, repeatable: request.repeatable, signal: request.signal };
    return withRetries(limits, context, (number, limitMs) => {
      onTry?.(number);
      return this.#try(request, limitMs, limits.maxAnswerBytes);
    });
  }

  /** Measures time and pauses. */
  get clock(): Clock {
    return this.#parts.clock;
  }

  /** For jitter: a number from 0 to 1. */
  random(): number {
    return this.#parts.random();
  }

  /** One request without repeats and limits, for bytes. The caller reads or gives up the body. */
  send(request: Omit<ServerRequest, 'limits' | 'repeatable'>, signal: AbortSignal): Promise<HttpResponse> {
    return this.#parts.transport.send(this.#request(request, signal));
  }

  /** The error that a response which is no success stands for. */
  async refusal(response: HttpResponse): Promise<BuildStateError> {
    const read = await this.#read(response, largestRefusal);
    const outcome = judge(this.uri, read, this.#secrets.key, this.#parts.clock.now());
    return 'error' in outcome
      ? outcome.error
      : new UnreachableError(`${this.uri} answered what was not asked for.`);
  }

  /** Frees idle connections. */
  close(): Promise<void> {
    return this.#parts.transport.close();
  }

  async #try(request: ServerRequest, limitMs: number, maxBytes: number): Promise<TryOutcome<HttpAnswer>> {
    const { clock, transport } = this.#parts;
    try {
      const read = await withinLimit(clock, limitMs, request.signal, async (signal) =>
        this.#read(await transport.send(this.#request(request, signal)), maxBytes),
      );
      return judge(this.uri, read, this.#secrets.key, clock.now());
    } catch (thrown) {
      if (request.signal?.aborted) throw request.signal.reason;
      if (thrown instanceof BuildStateError) throw thrown;
      return networkFault(this.uri, thrown, request.callerMayRepeat ?? request.repeatable);
    }
  }

  async #read(response: HttpResponse, maxBytes: number): Promise<ReadResponse> {
    const { status, headers } = response;
    return { status, headers, bytes: await readBody(response, maxBytes, this.uri) };
  }

  #request(
    request: Pick<ServerRequest, 'method' | 'path' | 'body' | 'headers'>,
    signal: AbortSignal,
  ): HttpRequest {
    const { body } = request;
    const type =
      body === undefined ? undefined : 'json' in body ? 'application/json' : 'application/octet-stream';
    return {
      method: request.method,
      url: `${this.uri}${request.path}`,
      headers: {
        accept: 'application/json',
        'user-agent': 'buildstate-client',
        ...(type !== undefined && { 'content-type': type }),
        ...request.headers,
        ...this.#secrets.headers,
      },
      ...(body !== undefined && { body: 'json' in body ? JSON.stringify(body.json) : body.bytes }),
      signal,
    };
  }
}
