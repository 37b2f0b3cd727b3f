import { createHash } from 'node:crypto';
import { checkObjectKey } from '../staging-key.ts';
import type { Authorize } from './gcs-auth.ts';
import { authorizationFailed, factsOf, GcsReplyError, toStorageError } from './gcs-errors.ts';
import type { GcsLocation } from './gcs-location.ts';
import type { GcsChecksums, GcsStorageClass, ResolvedGcsOptions } from './gcs-options.ts';
import { xmlText } from './xml-texts.ts';

/** One request. */
export interface GcsCall {
  /** The call in words, for errors. */
  readonly what: string;
  readonly method: 'DELETE' | 'GET' | 'HEAD' | 'POST' | 'PUT';
  /** Path and query. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal: AbortSignal | undefined;
  /** Turns the store's codes, or statuses where a reply has no body, into other errors. */
  readonly meanings?: Readonly<Record<string, (cause: unknown) => Error>>;
}

/** Encodes a name for a path, with the characters that `encodeURIComponent` leaves as they are. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** How large a body of an error may be. Replies of stores are bounded, like everything that comes from outside. */
const errorBodyLimit = 64 * 1024;

async function errorText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= errorBodyLimit) break;
  }
  return Buffer.concat(chunks).toString();
}

/** One place in a bucket. What all operations of the backend share. */
export class GcsConnection {
  readonly bucket: string;
  readonly checksums: GcsChecksums;
  readonly storageClass: GcsStorageClass | undefined;
  /** `gs://bucket/prefix`, without parameters. */
  readonly uri: string;
  readonly #endpoint: string;
  readonly #prefix: string;
  readonly #authorize: Authorize;

  constructor(location: GcsLocation, options: ResolvedGcsOptions, authorize: Authorize) {
    const { bucket, prefix } = location;
    this.bucket = bucket;
    this.checksums = options.checksums;
    this.storageClass = options.storageClass;
    this.uri = `gs://${[bucket, prefix].filter((part) => part !== '').join('/')}`;
    this.#endpoint = options.endpoint;
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
    this.#authorize = authorize;
  }

  /** The object in words, for errors. */
  nameOf(key: string): string {
    return `${this.uri}/${key}`;
  }

  /** The path of an object, in the XML API. @throws ValidationError for keys that are none */
  target(key: string, query = ''): string {
    const name = this.prefixed(checkObjectKey(key)).split('/').map(encoded).join('/');
    return `/${this.bucket}/${name}${query}`;
  }

  /** The bucket's own spelling of a key or a prefix of keys. */
  prefixed(key: string): string {
    return `${this.#prefix}${key}`;
  }

  /** Our key of an object in the bucket. */
  keyOf(stored: string): string {
    return stored.slice(this.#prefix.length);
  }

  /** The headers that let the store check a body. */
  checksum(bytes: Uint8Array): Readonly<Record<string, string>> {
    if (this.checksums === 'none') return {};
    return { 'content-md5': createHash('md5').update(bytes).digest('base64') };
  }

  /** The headers that say how a new object is kept. */
  about(contentType: string | undefined): Readonly<Record<string, string>> {
    return {
      'content-type': contentType ?? 'application/octet-stream',
      ...(this.storageClass === undefined ? {} : { 'x-goog-storage-class': this.storageClass }),
    };
  }

  /**
   * Makes a request; the body of the answer is the caller's to read or to cancel.
   * @throws StorageError; the signal's reason
   */
  async send(call: GcsCall): Promise<Response> {
    const { what, signal, meanings = {} } = call;
    signal?.throwIfAborted();
    try {
      const response = await this.#fetch(call);
      if (response.ok) return response;
      const text = await errorText(response);
      throw new GcsReplyError(response.status, xmlText(text, 'Code') ?? '');
    } catch (error) {
      signal?.throwIfAborted();
      const { code, status } = factsOf(error);
      const translated = toStorageError(error, what);
      const meaning = meanings[code] ?? meanings[String(status)];
      throw meaning?.(translated) ?? translated;
    }
  }

  /** Makes a request whose answer is a short text. A `200` with an error inside is the error. */
  async sendForText(call: GcsCall): Promise<string> {
    const response = await this.send(call);
    try {
      const text = await response.text();
      if (/^(<\?xml[^>]*>\s*)?<Error>/.test(text)) {
        throw new GcsReplyError(500, xmlText(text, 'Code') ?? 'InternalError');
      }
      return text;
    } catch (error) {
      call.signal?.throwIfAborted();
      throw toStorageError(error, call.what);
    }
  }

  /** Makes a request whose answer is in its headers. */
  async sendForHeaders(call: GcsCall): Promise<Headers> {
    const response = await this.send(call);
    await response.body?.cancel();
    return response.headers;
  }

  async #fetch({ what, method, target, headers, body, signal }: GcsCall): Promise<Response> {
    let credentials: Readonly<Record<string, string>>;
    try {
      credentials = await this.#authorize();
    } catch (error) {
      throw authorizationFailed(error, what);
    }
    signal?.throwIfAborted();
    return await fetch(`${this.#endpoint}${target}`, {
      method,
      // Bytes are wanted as they are stored.
      headers: { 'accept-encoding': 'identity', ...credentials, ...headers },
      body: body as NonNullable<RequestInit['body']> | undefined,
      redirect: 'error',
      signal: signal ?? null,
    });
  }
}
