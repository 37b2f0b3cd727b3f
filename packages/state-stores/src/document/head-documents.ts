import type { BuildHead, Clock } from '@buildstate/core';
import type { DocumentDriver } from './driver.ts';
import type { FixedDocuments } from './fixed-documents.ts';
import { type HeadDocument, type PartName, parseHead, partNames, withParts } from './head-document.ts';
import { keys } from './keys.ts';
import { SizedCache } from './sized-cache.ts';
import { type SureWrite, type WriteResult, writeSurely } from './write-surely.ts';

/** A head as it was read, and what a compare-and-set must name. */
export interface StoredHead {
  readonly document: HeadDocument;
  readonly version: string;
}

/**
 * Reads and writes the heads of builds. The text that was last read or written is remembered, so that a commit
 * after a load is one compare-and-set; when somebody else wrote in between, it fails, and the head is read.
 */
export class HeadDocuments {
  readonly #driver: DocumentDriver;
  readonly #clock: Clock;
  readonly #documents: FixedDocuments;
  readonly #known: SizedCache<{ readonly text: string; readonly version: string }>;

  /** @param cacheBytes how much JSON is kept in memory */
  constructor(driver: DocumentDriver, clock: Clock, documents: FixedDocuments, cacheBytes: number) {
    this.#driver = driver;
    this.#clock = clock;
    this.#documents = documents;
    this.#known = new SizedCache(cacheBytes);
  }

  /** The head as it is stored now. */
  async read(buildId: string): Promise<StoredHead | undefined> {
    const key = keys.head(buildId);
    const found = await this.#driver.get(key);
    if (found === undefined) return undefined;
    this.#known.set(key, found, found.text.length);
    return { document: parseHead(found.text), version: found.version };
  }

  /** The head as it was last seen, which may be out of date; read when it was never seen. */
  async recall(buildId: string): Promise<StoredHead | undefined> {
    const known = this.#known.get(keys.head(buildId));
    if (known === undefined) return this.read(buildId);
    return { document: parseHead(known.text), version: known.version };
  }

  /** Compares and sets a head. */
  async write(buildId: string, write: Omit<SureWrite, 'key'>): Promise<WriteResult> {
    const key = keys.head(buildId);
    this.#known.delete(key);
    const result = await writeSurely(this.#driver, this.#clock, { key, ...write });
    this.remember(buildId, write.text, result);
    return result;
  }

  /** Remembers what was written. */
  remember(buildId: string, text: string, result: WriteResult): void {
    if (result === 'conflict' || result.version === undefined) return;
    this.#known.set(keys.head(buildId), { text, version: result.version }, text.length);
  }

  /**
   * The whole head of a document, or `undefined` when one of its parts is gone: then somebody has changed the
   * head since it was read.
   */
  async whole({ head, parts }: HeadDocument): Promise<BuildHead | undefined> {
    const found: Partial<Record<PartName, unknown>> = {};
    for (const name of partNames) {
      const reference = parts[name];
      if (reference === undefined) continue;
      const part = await this.#documents.read(`${keys.parts(head.build.id)}${reference.at}`);
      if (part === undefined) return undefined;
      found[name] = structuredClone(part);
    }
    return withParts(head, found);
  }
}
