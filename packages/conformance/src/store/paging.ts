import type { Page, PageQuery } from '@buildstate/core';
import { expect } from 'vitest';
import { BenchError } from './bench.ts';

/** Reads a whole list in pages of `limit`. Every page but the last must be full. */
export async function readPages<T>(
  list: (query: PageQuery) => Promise<Page<T>>,
  limit: number,
  between: () => Promise<unknown> = async () => undefined,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 1000; pages += 1) {
    const page = await list({ limit, cursor });
    all.push(...page.items);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    if (page.next === undefined) return all;
    expect(page.items).toHaveLength(limit);
    cursor = page.next;
    await between();
  }
  throw new BenchError('the list does not end');
}

/** The cursors that no store may accept. */
export const badCursors = ['nonsense', '%%%', 'bnVsbA', 'e30', 'W10', 'eyJfX3Byb3RvX18iOjF9', '-1'];

/** Checks that a list refuses cursors that it did not make, naming the field. */
export async function expectBadCursorsRefused(list: (query: PageQuery) => Promise<unknown>): Promise<void> {
  for (const cursor of badCursors)
    await expect(list({ limit: 10, cursor }), `cursor ${JSON.stringify(cursor)}`).rejects.toMatchObject({
      name: 'ValidationError',
      problems: [{ path: 'cursor' }],
    });
}
