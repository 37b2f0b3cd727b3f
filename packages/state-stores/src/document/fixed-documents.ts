import type { Clock, Logger } from '@buildstate/core';
import { StoreError } from '@buildstate/core/light';
import type { DocumentDriver } from './driver.ts';
import { SizedCache } from './sized-cache.ts';
import { writeSurely } from './write-surely.ts';

/** Documents that are written once and never changed, so that a copy in memory is as good as the original. */
export class FixedDocuments {
  readonly #driver: DocumentDriver;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #cache: SizedCache<unknown>;

  /** @param cacheBytes how much JSON is kept in memory */
  constructor(driver: DocumentDriver, clock: Clock, logger: Logger, cacheBytes: number) {
    this.#driver = driver;
    this.#clock = clock;
    this.#logger = logger;
    this.#cache = new SizedCache(cacheBytes);
  }

  /** The document, or `undefined`. Shared with other readers: never change it, and copy what is handed on. */
  async read<T>(key: string): Promise<T | undefined> {
    const known = this.#cache.get(key);
    if (known !== undefined) return known as T;
    const found = await this.#driver.get(key);
    if (found === undefined) return undefined;
    const value = JSON.parse(found.text) as T;
    this.#cache.set(key, value, found.text.length);
    return value;
  }

  /**
   * The document, which must be there because another one names it.
   * @throws StoreError when it is not
   */
  async mustRead<T>(key: string): Promise<T> {
    const value = await this.read<T>(key);
    if (value !== undefined) return value;
    throw new StoreError(
      `${this.#driver.uri} is damaged: the document ${key} is missing, though another one names it. ` +
        'Bring it back from a backup.',
      { context: { key } },
    );
  }

  /** Writes a document if there is none under the key; whatever is there was first, and stays. */
  async write(key: string, text: string): Promise<void> {
    await writeSurely(this.#driver, this.#clock, {
      key,
      text,
      expected: null,
      isOurs: (found) => found === text,
    });
  }

  /**
   * Removes documents that nothing names any more. One that stays is no harm: a sweep finds it, so a failure
   * is only logged.
   */
  async discard(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map((key) => this.#remove(key)));
  }

  /** Removes a document for good. */
  async remove(key: string): Promise<void> {
    this.#cache.delete(key);
    await this.#driver.delete(key);
  }

  async #remove(key: string): Promise<void> {
    try {
      await this.remove(key);
    } catch (error) {
      this.#logger.warn({ key, error }, 'a document that is not needed any more could not be removed');
    }
  }
}
