import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import type { Clock, Logger } from '@buildstate/core';
import { checkObjectKey } from '../staging-key.ts';
import { factsOf, toStorageError } from './azure-errors.ts';
import type { AzureLocation } from './azure-location.ts';
import type { AzureChecksums, AzureTier, ResolvedAzureOptions } from './azure-options.ts';

/** What the SDK takes to end a call early. */
export interface AbortOption {
  readonly abortSignal?: AbortSignal;
}

/** One place in a container. What all operations of the backend share. */
export class AzureConnection {
  readonly container: ContainerClient;
  readonly checksums: AzureChecksums;
  readonly tier: AzureTier | undefined;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly logger: Logger;
  /** `azure-blob://account/container/prefix`, without credentials and parameters. */
  readonly uri: string;
  readonly #prefix: string;

  constructor(container: ContainerClient, location: AzureLocation, options: ResolvedAzureOptions) {
    const { account, container: name, prefix } = location;
    this.container = container;
    this.checksums = options.checksums;
    this.tier = options.tier;
    this.clock = options.clock;
    this.logger = options.logger;
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
    this.uri = `azure-blob://${[account, name, prefix].filter((part) => part !== '').join('/')}`;
  }

  /** The object in words, for errors. */
  nameOf(key: string): string {
    return `${this.uri}/${key}`;
  }

  /** The client of an object. @throws ValidationError for keys that are none */
  object(key: string): BlockBlobClient {
    return this.container.getBlockBlobClient(this.prefixed(checkObjectKey(key)));
  }

  /** The client of a blob below the prefix that is no object. */
  blob(name: string): BlockBlobClient {
    return this.container.getBlockBlobClient(this.prefixed(name));
  }

  /** The container's own spelling of a key or a prefix of keys. */
  prefixed(key: string): string {
    return `${this.#prefix}${key}`;
  }

  /** Our key of a blob in the container. */
  keyOf(stored: string): string {
    return stored.slice(this.#prefix.length);
  }

  /**
   * Makes a call. `meanings` turns Azure's codes, or statuses where a reply has no body, into other errors.
   * @throws StorageError; the signal's reason
   */
  async call<Result>(
    what: string,
    signal: AbortSignal | undefined,
    run: (options: AbortOption) => Promise<Result>,
    meanings: Readonly<Record<string, (cause: unknown) => Error>> = {},
  ): Promise<Result> {
    signal?.throwIfAborted();
    try {
      return await run({ abortSignal: signal });
    } catch (error) {
      signal?.throwIfAborted();
      const { code, status } = factsOf(error);
      const translated = toStorageError(error, what);
      const meaning = meanings[code] ?? meanings[String(status)];
      throw meaning?.(translated) ?? translated;
    }
  }
}
