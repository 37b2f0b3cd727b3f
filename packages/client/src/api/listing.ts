/** One page of a list. */
export interface ListPage<Item> {
  /** The entries, in the list's order. */
  readonly items: readonly Item[];
  /** Where the next page begins, or `undefined` on the last one. */
  readonly next?: string;
}

/** A list that is fetched page by page, when it is read: `for await (const build of client.builds.list())`. */
export interface Listing<Item> extends AsyncIterable<Item> {
  /**
   * One page.
   * @param cursor `next` of the page before; the first page when left out
   */
  page(cursor?: string): Promise<ListPage<Item>>;
  /** All pages, one after the other. */
  pages(): AsyncIterable<ListPage<Item>>;
  /** Everything in one array. Mind the memory: a list may be long. */
  all(): Promise<Item[]>;
}

/** Makes a listing out of the function that fetches one page. */
export function listing<Item>(fetchPage: (cursor?: string) => Promise<ListPage<Item>>): Listing<Item> {
  async function* pages(): AsyncGenerator<ListPage<Item>, void> {
    let cursor: string | undefined;
    do {
      const page = await fetchPage(cursor);
      yield page;
      cursor = page.next;
    } while (cursor !== undefined);
  }
  async function* items(): AsyncGenerator<Item, void> {
    for await (const page of pages()) yield* page.items;
  }
  return {
    page: fetchPage,
    pages,
    async all() {
      const everything: Item[] = [];
      for await (const page of pages()) everything.push(...page.items);
      return everything;
    },
    [Symbol.asyncIterator]: items,
  };
}
