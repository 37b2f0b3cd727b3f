import type { Clock, Page, ProjectQuery, ProjectRef } from '@buildstate/core';
import { mapConcurrently, pageOf } from '@buildstate/core/light';
import { matchesEntry } from '../lists/filters.ts';
import { nameOrder } from '../lists/orders.ts';
import { type DocumentDriver, listKeys } from './driver.ts';
import { keys } from './keys.ts';
import { claimedId, type NamedResult, writeNamed } from './name-claims.ts';
import { writeSurely } from './write-surely.ts';

/** How many records of a list are fetched at once. */
const fetchedTogether = 16;
/** How many writes a record remembers, so that a writer whose reply was lost finds its own. */
const rememberedWrites = 16;

interface Named {
  readonly id: string;
  readonly name: string;
  readonly deactivatedAt: string | null;
}

interface RecordDocument<T> {
  readonly record: T;
  /** Nonces of the newest writes, the last one first. */
  readonly writes: readonly string[];
}

/** A record as it was read. */
export interface StoredRecord<T> extends RecordDocument<T> {
  readonly version: string;
}

/** Where the records of one kind are kept. */
export interface RecordPlace {
  /** Prefix of the records' keys. */
  readonly records: string;
  /** Prefix of the names' keys. */
  readonly names: string;
}

/** What is needed to keep records. */
export interface RecordTools {
  readonly driver: DocumentDriver;
  readonly clock: Clock;
  readonly nonce: () => string;
}

/** Records of one kind whose names are unique: projects, platforms, … */
export class NamedRecords<T extends Named> {
  readonly #tools: RecordTools;
  readonly #place: RecordPlace;

  constructor(tools: RecordTools, place: RecordPlace) {
    this.#tools = tools;
    this.#place = place;
  }

  /** The record with an id or a name. */
  async load(ref: ProjectRef): Promise<T | undefined> {
    if ('id' in ref) return (await this.read(ref.id))?.record;
    const claim = await this.#tools.driver.get(keys.name(this.#place.names, ref.name));
    if (claim === undefined) return undefined;
    const stored = await this.read(claimedId(claim.text));
    return stored?.record.name === ref.name ? stored.record : undefined;
  }

  /** The record with an id, as it is stored. */
  async read(id: string): Promise<StoredRecord<T> | undefined> {
    const found = await this.#tools.driver.get(this.#key(id));
    return found === undefined ? undefined : { ...this.#parse(found.text), version: found.version };
  }

  /** The part of the list by name that a query wants. */
  async list(query: ProjectQuery): Promise<Page<T>> {
    const { driver } = this.#tools;
    const all = await listKeys(driver, this.#place.records);
    const found = await mapConcurrently(all, fetchedTogether, (key) => driver.get(key));
    const records = found.flatMap((document) =>
      document === undefined ? [] : [this.#parse(document.text).record],
    );
    return pageOf(
      records.filter((record) => matchesEntry(record, query)),
      query,
      nameOrder,
    );
  }

  /** Writes a record over `before`, or as a new one. */
  async write(record: T, before: StoredRecord<T> | undefined): Promise<NamedResult> {
    const { driver, clock, nonce } = this.#tools;
    const mark = nonce();
    const writes = [mark, ...(before?.writes ?? [])].slice(0, rememberedWrites);
    const write = {
      id: record.id,
      key: this.#key(record.id),
      text: JSON.stringify({ record, writes } satisfies RecordDocument<T>),
      expected: before?.version ?? null,
      isOurs: (text: string) => this.#parse(text).writes.includes(mark),
    };
    if (before?.record.name === record.name) return writeSurely(driver, clock, write);
    return writeNamed(driver, clock, {
      ...write,
      nameKey: keys.name(this.#place.names, record.name),
      recordKey: (id) => this.#key(id),
      holds: (text) => this.#parse(text).record.name === record.name,
      nonce,
    });
  }

  #key(id: string): string {
    return keys.record(this.#place.records, id);
  }

  #parse(text: string): RecordDocument<T> {
    return JSON.parse(text) as RecordDocument<T>;
  }
}
