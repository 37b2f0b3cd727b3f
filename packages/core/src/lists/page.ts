import type { Page, PageQuery } from '../ports/page.ts';
import { compareKeys, type SortKey } from './compare.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** How a list is sorted. */
export interface Order<T> {
  /** The types of the key's parts. */
  readonly shape: readonly ('string' | 'number')[];
  /** The key of an entry. Unique in the list, so that a cursor names one place. */
  readonly key: (entry: T) => SortKey;
  /** Whether the largest key comes first. @default false */
  readonly descending?: boolean;
}

/** Entries in the order of a list. */
export function sorted<T, Row extends T>(entries: Iterable<Row>, order: Order<T>): Row[] {
  const sign = order.descending === true ? -1 : 1;
  return [...entries]
    .map((entry) => ({ entry, key: order.key(entry) }))
    .sort((a, b) => sign * compareKeys(a.key, b.key))
    .map(({ entry }) => entry);
}

/**
 * The part of a list that a query wants. A cursor holds the key of the last entry before it, so that entries
 * which come and go elsewhere in the list neither repeat nor hide others.
 * @throws ValidationError with the path `cursor`
 */
export function pageOf<T, Row extends T>(
  entries: Iterable<Row>,
  query: PageQuery,
  order: Order<T>,
): Page<Row> {
  const sign = order.descending === true ? -1 : 1;
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, order.shape);
  const rest = sorted(entries, order).filter(
    (entry) => after === undefined || sign * compareKeys(order.key(entry), after) > 0,
  );
  const skip = query.skip ?? 0;
  const items = rest.slice(skip, skip + query.limit);
  const last = items.at(-1);
  const more = rest.length > skip + items.length && last !== undefined;
  return more ? { items, next: encodeCursor(order.key(last)) } : { items };
}
