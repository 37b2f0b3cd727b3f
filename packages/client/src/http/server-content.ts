import type { BackendCapabilities, CallOptions, ObjectInfo, ReadOptions, ReadResult } from '@buildstate/core';
import {
  StorageChangedError,
  StorageError,
  StorageNotFoundError,
  transferRoutes,
} from '@buildstate/core/light';
import { networkFault } from './fault.ts';
import { fillPath } from './fill-path.ts';
import { discard } from './read-body.ts';
import type { Requester } from './requester.ts';
import { ServerObject } from './server-object.ts';
import { storageError } from './storage-errors.ts';
import type { HttpResponse } from './transport.ts';

const capabilities: BackendCapabilities = {
  minPartBytes: 1,
  maxParts: 1,
  maxPartBytes: 1,
  maxPutBytes: 0,
  equalParts: false,
  conditionalPut: false,
  resumableUploads: false,
};

type Headers = Readonly<Record<string, string>>;

const nothing: AsyncIterable<Uint8Array> = (async function* () {})();

interface Range {
  readonly start: number;
  readonly size: number;
}

/** The first byte and the size of the whole, of a `Content-Range` (RFC 9110, 14.4). */
function rangeOf({ headers }: HttpResponse): Range | undefined {
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  return start === undefined ? undefined : { start: Number(start), size: Number(size) };
}

function rangeHeader(start: number, end: number | undefined): Headers {
  if (start === 0 && end === undefined) return {};
  return { range: `bytes=${start}-${end === undefined ? '' : end - 1}` };
}

/** The bytes of one artifact on a server's own disk. Single tries: deadlines and repeats are put around it. */
export class ServerContentBackend extends ServerObject {
  readonly capabilities = capabilities;
  readonly #requester: Requester;
  readonly #path: string;

  constructor(requester: Requester, build: string, artifactId: string) {
    super();
    this.#requester = requester;
    const params = { build_id: build, artifact_id: artifactId };
    this.#path = fillPath(transferRoutes.getArtifactContent.path, params);
  }

  /** Asks for one byte rather than for none: only answers to GET say what is wrong. */
  override async stat(key: string, options: CallOptions = {}): Promise<ObjectInfo | undefined> {
    try {
      const { body, info } = await this.read(key, { ...options, start: 0, end: 1 });
      await body[Symbol.asyncIterator]().return?.();
      return info;
    } catch (error) {
      if (error instanceof StorageNotFoundError) return undefined;
      throw error;
    }
  }

  override async read(key: string, options: ReadOptions = {}): Promise<ReadResult> {
    const { start = 0, end, ifVersion, signal } = options;
    if (end !== undefined && end <= start) return this.#withoutBytes(key, options);
    const condition: Headers = ifVersion === undefined ? {} : { 'if-match': ifVersion };
    const response = await this.#get({ ...rangeHeader(start, end), ...condition }, signal);
    if (response.status === 416) {
      await discard(response);
      return this.#withoutBytes(key, options);
    }
    const range = await this.#checkedRange(response, start);
    const size = range?.size ?? Number(response.headers['content-length']);
    return { body: this.#body(response.body), info: this.#info(key, response, size) };
  }

  get #name(): string {
    return `${this.#requester.uri}${this.#path}`;
  }

  /** What a range beyond the end answers: nothing, of an object that is there. */
  async #withoutBytes(key: string, { ifVersion, signal }: ReadOptions): Promise<ReadResult> {
    const { body, info } = await this.read(key, { ifVersion, signal });
    await body[Symbol.asyncIterator]().return?.();
    return { body: nothing, info };
  }

  /** A part must begin exactly where it was asked for: anything else would put bytes in the wrong place. */
  async #checkedRange(response: HttpResponse, start: number): Promise<Range | undefined> {
    const range = rangeOf(response);
    const right = response.status === 206 ? range?.start === start : start === 0;
    if (right) return range;
    await discard(response);
    throw new StorageError(`${this.#name} was asked for bytes from ${start} on and answered others.`, {
      persistence: 'transient',
    });
  }

  #info(key: string, { headers }: HttpResponse, size: number): ObjectInfo {
    const version = headers.etag;
    if (version !== undefined && Number.isSafeInteger(size)) return { key, size, version };
    throw new StorageError(`${this.#name} was answered without size or ETag. Is a proxy in between?`);
  }

  /** A GET that succeeded, or found nothing in the range asked for. @throws StorageError, IntegrityError */
  async #get(headers: Headers, signal: AbortSignal = new AbortController().signal): Promise<HttpResponse> {
    const response = await this.#send(headers, signal);
    if ([200, 206, 416].includes(response.status)) return response;
    if (response.status === 412) {
      await discard(response);
      throw new StorageChangedError(`${this.#name} was replaced meanwhile.`);
    }
    throw storageError(await this.#requester.refusal(response));
  }

  async #send(headers: Headers, signal: AbortSignal): Promise<HttpResponse> {
    try {
      return await this.#requester.send({ method: 'GET', path: this.#path, headers }, signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : this.#fault(error);
    }
  }

  async *#body(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      throw this.#fault(error);
    }
  }

  #fault(error: unknown): unknown {
    return storageError(networkFault(this.#requester.uri, error, true).error);
  }
}
