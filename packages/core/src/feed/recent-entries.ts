/** Entries kept at the same time. Who falls further behind reads from the store. */
const most = 2048;

/** The newest entries of a stream, by their ids, for all who follow it. */
export class RecentEntries<Entry extends { readonly id: string }> {
  #entries: Entry[] = [];
  /** The place of the first entry that is kept, counted from the first one ever. */
  #first = 0;
  /** Places behind entries that are kept, by id; the first of them is behind what came before all of them. */
  readonly #behind = new Map<string, number>();
  #slice: { readonly from: number; readonly to: number; readonly entries: readonly Entry[] } | undefined;

  /** @param start the id behind which the first entry will come */
  constructor(start: string) {
    this.#behind.set(start, 0);
  }

  /** The place behind the newest entry. */
  get end(): number {
    return this.#first + this.#entries.length;
  }

  /** The id of the newest entry, or the one behind which the first will come. */
  get lastId(): string {
    return this.#entries.at(-1)?.id ?? [...this.#behind.keys()].at(-1) ?? '';
  }

  /** Takes in what comes next. */
  push(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#behind.set(entry.id, this.end);
    }
    const surplus = this.#entries.length - most;
    if (surplus <= 0) return;
    this.#first += surplus;
    // The last one that goes is still a place to go on from.
    const gone = this.#entries.splice(0, surplus);
    const kept = gone.at(-1)?.id;
    for (const id of this.#behind.keys()) {
      if (id === kept) break;
      this.#behind.delete(id);
    }
  }

  /** The place behind the entry with an id; `undefined` for one that is not kept. */
  behind(id: string): number | undefined {
    return this.#behind.get(id);
  }

  /** All entries from a place on. The same list for all who are at the same place. */
  from(place: number): readonly Entry[] {
    const to = this.end;
    if (this.#slice?.from !== place || this.#slice.to !== to)
      this.#slice = { from: place, to, entries: this.#entries.slice(place - this.#first) };
    return this.#slice.entries;
  }
}
