import type { Listing } from '@buildstate/client';

/** The beginning of a list, and whether there is more of it. */
export interface Beginning<Item> {
  /** At most as many as were asked for. */
  readonly items: readonly Item[];
  /** Whether the list goes on. */
  readonly more: boolean;
}

/**
 * The first entries of a list, fetched page by page.
 *
 * @param limit how many at most; all when `undefined`
 * @param keep which ones count
 */
export async function beginningOf<Item>(
  list: Listing<Item> | readonly Item[],
  limit: number | undefined,
  keep: (item: Item) => boolean = () => true,
): Promise<Beginning<Item>> {
  const items: Item[] = [];
  for await (const item of list) {
    if (!keep(item)) continue;
    if (limit !== undefined && items.length >= limit) return { items, more: true };
    items.push(item);
  }
  return { items, more: false };
}
