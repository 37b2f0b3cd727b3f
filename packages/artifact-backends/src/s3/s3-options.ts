import type { StorageClass } from '@aws-sdk/client-s3';
import { ConfigurationError } from '@buildstate/core/light';

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

/** How the store encrypts what it keeps: with its own keys, or with one of AWS KMS. */
export type S3Encryption = 'AES256' | 'aws:kms' | 'aws:kms:dsse';

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
  /** Storage class of new objects, such as `STANDARD_IA`. @default the bucket's */
  readonly storageClass?: string;
  /** How new objects are encrypted at rest. @default the bucket's; `aws:kms` with a `kmsKey` */
  readonly encryption?: S3Encryption;
  /** Id, ARN or alias of the KMS key for it. @default the account's own for S3 */
  readonly kmsKey?: string;
  /** Tags of new objects, at most ten. @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Keys, or how to get them; asked again when they expire. @default the SDK's chain */
  readonly credentials?: S3Credentials | (() => Promise<S3Credentials>);
  /** Connections at once. @default 50 */
  readonly maxSockets?: number;
  /** Milliseconds for making a connection. @default 10000 */
  readonly connectTimeoutMs?: number;
}

/** What requests that make an object say of how it is kept: parameters of the SDK's commands. */
export interface S3Keeping {
  readonly StorageClass?: StorageClass;
  readonly ServerSideEncryption?: S3Encryption;
  readonly SSEKMSKeyId?: string;
  readonly Tagging?: string;
}

/** Options with every default filled in; only what the SDK finds better itself stays open. */
export interface ResolvedS3Options {
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly forcePathStyle: boolean;
  readonly checksums: S3Checksums;
  readonly unsignedPayload: boolean;
  readonly keeping: S3Keeping;
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

function keepingOf(options: S3Options): S3Keeping {
  const { storageClass, kmsKey, tags = {} } = options;
  const encryption = options.encryption ?? (kmsKey === undefined ? undefined : 'aws:kms');
  if (kmsKey !== undefined && encryption === 'AES256') {
    throw new ConfigurationError('A KMS key is named, but the encryption is AES256. Leave one of them out.');
  }
  const tagging = Object.entries(tags).map((pair) => pair.map(encodeURIComponent).join('='));
  return {
    // Stores that are not AWS have classes of their own.
    ...(storageClass === undefined ? {} : { StorageClass: storageClass as StorageClass }),
    ...(encryption === undefined ? {} : { ServerSideEncryption: encryption }),
    ...(kmsKey === undefined ? {} : { SSEKMSKeyId: kmsKey }),
    ...(tagging.length === 0 ? {} : { Tagging: tagging.join('&') }),
  };
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
    keeping: keepingOf(options),
    credentials: options.credentials,
    maxSockets: options.maxSockets ?? 50,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
  };
}
