/** How each body is protected on its way, beside TLS: nothing more, or an MD5 that the store compares. */
export type GcsChecksums = 'md5' | 'none';

/** Where new objects are kept; colder classes cost less to keep and more to read. */
export type GcsStorageClass = 'STANDARD' | 'NEARLINE' | 'COLDLINE' | 'ARCHIVE';

/** How a bucket is reached. */
export interface GcsOptions {
  /** URL of the service. @default `https://storage.googleapis.com` */
  readonly endpoint?: string;
  /**
   * An access token, or how to get one: asked before every request. `none` sends no credentials.
   * @default the default chain of `google-auth-library`
   */
  readonly token?: string | (() => Promise<string>) | 'none';
  /** @default `md5` */
  readonly checksums?: GcsChecksums;
  /** @default the bucket's */
  readonly storageClass?: GcsStorageClass;
}

/** Options with every default filled in; what the bucket decides stays open. */
export interface ResolvedGcsOptions {
  readonly endpoint: string;
  readonly token: GcsOptions['token'];
  readonly checksums: GcsChecksums;
  readonly storageClass: GcsStorageClass | undefined;
}

/** Fills in defaults. */
export function resolveGcsOptions(options: GcsOptions): ResolvedGcsOptions {
  return {
    endpoint: (options.endpoint ?? 'https://storage.googleapis.com').replace(/\/+$/, ''),
    token: options.token,
    checksums: options.checksums ?? 'md5',
    storageClass: options.storageClass,
  };
}
