/** A document as it is stored. */
export interface StoredDocument {
  /** JSON. */
  readonly text: string;
  /** What a later `putIfVersion` must name: an ETag, a generation, a file's name. Never used twice for one key. */
  readonly version: string;
}

/** A part of a listing. */
export interface ListedKeys {
  /** Keys in the order of their bytes. */
  readonly keys: readonly string[];
  /** Whether more follow the last of these. */
  readonly more: boolean;
}

/** What a driver is, as far as the store above needs to know. */
export interface DriverTraits {
  /** Whether other processes may use the place at the same time. */
  readonly shared: boolean;
  /** Whether what it acknowledged outlives the process. */
  readonly durable: boolean;
  /**
   * Whether compare-and-set is the driver's own work. When not, the store checks on opening that the service
   * behind it honours conditions: some accept them and write regardless.
   */
  readonly ownConditions: boolean;
}

/**
 * A place that keeps JSON documents under keys: a folder, a bucket, a table. Five operations, chosen so that
 * object stores (put with `If-Match` and `If-None-Match`), Azure and Google blobs (ETags, generations),
 * DynamoDB (conditional writes) and Cosmos DB (`_etag`) can all do them.
 *
 * Promises:
 * - Keys are up to 512 characters of `A–Z a–z 0–9 _ - ~`, in parts separated by single slashes.
 * - `putIfVersion` is atomic: of any number of calls with the same expectation exactly one succeeds, and
 *   readers see the old text or the new one.
 * - What a resolved call wrote, every later call sees, from any process.
 * - A call that is rejected may have been done: replies get lost. `UnavailableError` says that trying again
 *   can help, `StoreError` that it cannot. Drivers never repeat a call by themselves.
 * - All operations may run at the same time.
 */
export interface DocumentDriver {
  /** What kind it is: `file`, `s3`, … Becomes the store's kind. */
  readonly kind: string;
  /** Where it is, for people; never with credentials. */
  readonly uri: string;
  /** What it is. */
  readonly traits: DriverTraits;

  /** The document, or `undefined` when there is none. */
  get(key: string): Promise<StoredDocument | undefined>;
  /**
   * Writes a document if the stored one still has the version `expected`; with `null`, if there is none.
   * Answers the new version.
   */
  putIfVersion(
    key: string,
    text: string,
    expected: string | null,
  ): Promise<{ readonly version: string } | 'conflict'>;
  /** The keys that begin with `prefix` and come after `after`, as many as come easily in one answer. */
  list(prefix: string, after?: string): Promise<ListedKeys>;
  /** Removes a document; none is no error. */
  delete(key: string): Promise<void>;
  /**
   * Checks that the place can be reached and used. The first call makes it ready where that is possible.
   * @throws UnavailableError, ConfigurationError
   */
  probe(): Promise<void>;
  /**
   * Removes what calls of processes that died have left outside of any document, older than so many seconds, where the
   * driver leaves such things. Answers how much was removed.
   */
  tidy?(graceSeconds: number): Promise<number>;
  /** How many bytes the place takes, where that can be told. */
  size?(): Promise<number>;
  /** Frees handles. */
  close?(): Promise<void>;
}

/** Every key that begins with a prefix. */
export async function* allKeys(driver: DocumentDriver, prefix: string): AsyncGenerator<string> {
  let after: string | undefined;
  for (let more = true; more; ) {
    const page = await driver.list(prefix, after);
    yield* page.keys;
    after = page.keys.at(-1) ?? after;
    more = page.more && page.keys.length > 0;
  }
}

/** Every key that begins with a prefix, at once. */
export async function listKeys(driver: DocumentDriver, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of allKeys(driver, prefix)) found.push(key);
  return found;
}
