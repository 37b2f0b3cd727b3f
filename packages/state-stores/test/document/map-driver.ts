import type {
  DocumentDriver,
  DriverTraits,
  ListedKeys,
  StoredDocument,
} from '@buildstate/state-stores/document';

/** Documents in a map, listed a few at a time, as a remote service would keep them. */
export class MapDriver implements DocumentDriver {
  readonly kind = 'map';
  readonly uri = 'map:';
  readonly traits: DriverTraits = { shared: true, durable: true, ownConditions: false };
  /** How often each method was called. */
  readonly calls = { get: 0, putIfVersion: 0, list: 0, delete: 0 };
  readonly #documents: Map<string, StoredDocument>;
  #versions = 0;

  constructor(documents = new Map<string, StoredDocument>()) {
    this.#documents = documents;
  }

  async get(key: string): Promise<StoredDocument | undefined> {
    await this.#delay('get');
    return this.#documents.get(key);
  }

  async putIfVersion(
    key: string,
    text: string,
    expected: string | null,
  ): Promise<{ version: string } | 'conflict'> {
    await this.#delay('putIfVersion');
    if ((this.#documents.get(key)?.version ?? null) !== expected) return 'conflict';
    this.#versions += 1;
    const version = `${this.#versions}-${Math.random()}`;
    this.#documents.set(key, { text, version });
    return { version };
  }

  async list(prefix: string, after = ''): Promise<ListedKeys> {
    await this.#delay('list');
    const keys = [...this.#documents.keys()]
      .filter((key) => key.startsWith(prefix) && key > after)
      .toSorted((a, b) => (a < b ? -1 : 1));
    return { keys: keys.slice(0, 7), more: keys.length > 7 };
  }

  async delete(key: string): Promise<void> {
    await this.#delay('delete');
    this.#documents.delete(key);
  }

  async probe(): Promise<void> {}

  async #delay(method: keyof MapDriver['calls']): Promise<void> {
    this.calls[method] += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
