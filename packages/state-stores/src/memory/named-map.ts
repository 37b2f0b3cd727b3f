import type { Page, ProjectQuery, ProjectRef } from '@buildstate/core';
import { pageOf } from '@buildstate/core/light';
import { matchesEntry } from '../lists/filters.ts';
import { nameOrder } from '../lists/orders.ts';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly deactivatedAt: string | null;
}

/** Records by id whose names are unique. What goes in and comes out is copied. */
export class NamedMap<T extends Named> {
  readonly #records = new Map<string, T>();

  load(ref: ProjectRef): T | undefined {
    return structuredClone('id' in ref ? this.#records.get(ref.id) : this.#named(ref.name));
  }

  /** Adds or replaces a record. False when another record has the name. */
  save(record: T): boolean {
    const owner = this.#named(record.name);
    if (owner !== undefined && owner.id !== record.id) return false;
    this.#records.set(record.id, structuredClone(record));
    return true;
  }

  list(query: ProjectQuery): Page<T> {
    const entries = [...this.#records.values()].filter((record) => matchesEntry(record, query));
    return structuredClone(pageOf(entries, query, nameOrder));
  }

  #named(name: string): T | undefined {
    return [...this.#records.values()].find((record) => record.name === name);
  }
}
