import type { Page, PageQuery } from '../ports/page.ts';

/** The newest entries of a list, and whether there are more. */
export interface Newest<T> {
  /** The entries. */
  readonly items: readonly T[];
  /** Whether there are more. */
  readonly truncated: boolean;
}

const pageSize = 1000;

/**
 * Reads a list that is newest first, page by page, up to `most` entries.
 * @param list answers one page
 */
export async function readNewest<T>(
  list: (page: PageQuery) => Promise<Page<T>>,
  most: number,
): Promise<Newest<T>> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: Math.min(pageSize, most - items.length), cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length < most);
  return { items, truncated: cursor !== undefined };
}
