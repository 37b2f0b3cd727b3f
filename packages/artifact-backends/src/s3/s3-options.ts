/** Access keys, with the moment when they expire if they do. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they end; they are asked for again before. */
  readonly expiration?: Date;
}

/**
 * How each body is protected on its way to the store, beside TLS: nothing more, a CRC32 or an MD5 that the
 * store compares. The SHA-256 of the whole object is ours in any case.
 */
export type S3Checksums = 'none' | 'crc32' | 'md5';

/** How a bucket is reached. What is missing comes from the AWS SDK's own variables, files and roles. */
export interface S3Options {
  /** URL of a store that is not AWS. @default AWS */
  readonly endpoint?: string;
  /** @default the SDK's, or `us-east-1` with a custom endpoint */
  readonly region?: string;
  /** Bucket in the path or in the host name. @default `path` with a custom endpoint, else `virtual` */
  readonly style?: 'path' | 'virtual';
  /** @default `crc32` on AWS, `none` with a custom endpoint, since many stores refuse or ignore checksums */
  readonly checksums?: S3Checksums;
  /**
   * Whether signatures cover bodies: a second SHA-256 over every byte sent.
   * @default `signed` over plain HTTP to other machines, else `unsigned`
   */
  readonly payload?: 'signed' | 'unsigned';
  /** Keys, or how to get them; asked again when they expire. @default the SDK's chain */
  readonly credentials?: S3Credentials | (() => Promise<S3Credentials>);
  /** Connections at once. @default 50 */
  readonly maxSockets?: number;
  /** Milliseconds for making a connection. @default 10000 */
  readonly connectTimeoutMs?: number;
}

/** Options with every default filled in; only what the SDK finds better itself stays open. */
export interface ResolvedS3Options {
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly forcePathStyle: boolean;
  readonly checksums: S3Checksums;
  readonly unsignedPayload: boolean;
  readonly credentials: S3Options['credentials'];
  readonly maxSockets: number;
  readonly connectTimeoutMs: number;
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function isExposed(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return false;
  const url = new URL(endpoint);
  return url.protocol === 'http:' && !loopback.test(url.hostname);
}

/** Fills in defaults, which depend on whether the store is AWS. */
export function resolveS3Options(options: S3Options): ResolvedS3Options {
  const { endpoint } = options;
  const custom = endpoint !== undefined;
  return {
    endpoint,
    region: options.region ?? (custom ? 'us-east-1' : undefined),
    forcePathStyle: (options.style ?? (custom ? 'path' : 'virtual')) === 'path',
    checksums: options.checksums ?? (custom ? 'none' : 'crc32'),
    unsignedPayload: (options.payload ?? (isExposed(endpoint) ? 'signed' : 'unsigned')) === 'unsigned',
    credentials: options.credentials,
    maxSockets: options.maxSockets ?? 50,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
  };
}
