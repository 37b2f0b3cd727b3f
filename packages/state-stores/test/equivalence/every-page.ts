import type { Page, PageQuery } from '@buildstate/core';

/** A whole list, a few entries at a time. */
export async function everyPage<T>(list: (query: PageQuery) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await list({ limit: 3, cursor });
    all.push(...page.items);
    cursor = page.next;
  }
  return all;
}
