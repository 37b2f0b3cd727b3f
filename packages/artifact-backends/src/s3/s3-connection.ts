import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { checkStorageKey } from '@buildstate/core/light';
import type { SocketPool } from '../sockets/socket-pool.ts';
import { factsOf, toStorageError } from './s3-errors.ts';
import { readFast } from './s3-fast-read.ts';
import type { ResolvedS3Options, S3Checksums, S3Keeping } from './s3-options.ts';
import type { S3Sdk } from './s3-sdk.ts';
import { leavePayloadsUnsigned } from './unsigned-payload.ts';

/** Where a connection leads. */
export interface ConnectionTarget {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
}

function clientConfig(options: ResolvedS3Options): S3ClientConfig {
  const { endpoint, region, forcePathStyle, credentials, maxSockets, connectTimeoutMs } = options;
  return {
    // Given only when set: an explicit `undefined` would switch the SDK's own chain off.
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle,
    followRegionRedirects: endpoint === undefined,
    // The retry decorator is the one place that retries.
    maxAttempts: 1,
    // The SDK's own checksums break other stores, and streams are not what we send.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      socketAcquisitionWarningTimeout: 2 ** 31 - 1,
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
    },
  };
}

/** The SDK, one client and one place in a bucket. What all operations of the backend share. */
export class S3Connection {
  readonly sdk: S3Sdk;
  readonly client: S3Client;
  readonly bucket: string;
  readonly checksums: S3Checksums;
  /** What requests that make an object say of how it is kept. */
  readonly keeping: S3Keeping;
  /** `s3://bucket/prefix`, without credentials and parameters. */
  readonly uri: string;
  readonly #prefix: string;
  readonly #sockets: SocketPool;

  constructor(sdk: S3Sdk, target: ConnectionTarget, options: ResolvedS3Options) {
    this.sdk = sdk;
    this.client = new sdk.S3Client(clientConfig(options));
    this.bucket = target.bucket;
    this.checksums = options.checksums;
    this.keeping = options.keeping;
    this.#prefix = target.prefix === '' ? '' : `${target.prefix}/`;
    this.uri = `s3://${[target.bucket, target.prefix].filter((part) => part !== '').join('/')}`;
    if (options.unsignedPayload) leavePayloadsUnsigned(this.client);
    this.#sockets = readFast(this.client, options.connectTimeoutMs);
  }

  /** Frees sockets. */
  close(): void {
    this.#sockets.destroy();
    this.client.destroy();
  }

  /** The object in words, for errors. */
  nameOf(key: string): string {
    return `${this.uri}/${key}`;
  }

  /** What every command about one object has in common. @throws ValidationError for keys that are none */
  object(key: string): { readonly Bucket: string; readonly Key: string } {
    checkStorageKey(key);
    return { Bucket: this.bucket, Key: `${this.#prefix}${key}` };
  }

  /** The bucket's own spelling of a prefix of keys. */
  prefixed(prefix: string): string {
    return `${this.#prefix}${prefix}`;
  }

  /** Our key of an object in the bucket. */
  keyOf(stored: string): string {
    return stored.slice(this.#prefix.length);
  }

  /**
   * Makes a call. `meanings` turns S3's codes, or statuses where a reply has no body, into other errors.
   * @throws StorageError; the signal's reason
   */
  async call<Result>(
    what: string,
    signal: AbortSignal | undefined,
    run: (options: { readonly abortSignal?: AbortSignal }) => Promise<Result>,
    meanings: Readonly<Record<string, (cause: unknown) => Error>> = {},
  ): Promise<Result> {
    signal?.throwIfAborted();
    try {
      return await run({ abortSignal: signal });
    } catch (error) {
      signal?.throwIfAborted();
      const { name, status } = factsOf(error);
      const meaning = meanings[name] ?? meanings[String(status)];
      const translated = toStorageError(error, what);
      throw meaning?.(translated) ?? translated;
    }
  }
}
