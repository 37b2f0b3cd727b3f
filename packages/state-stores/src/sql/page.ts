import type { Page, PageQuery } from '@buildstate/core';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import { type CursorValue, decodeCursor, encodeCursor } from './cursor.ts';
import type { ResultRow } from './record-table.ts';

/** The order of a list. The columns together are unique, so that a page begins exactly where the one before ended. */
export interface ListOrder {
  /** The list's name, which its cursors carry. */
  readonly list: string;
  /** What it is ordered by. */
  readonly columns: readonly { readonly name: string; readonly type: 'string' | 'number' }[];
  /** Which end comes first. */
  readonly direction: 'asc' | 'desc';
}

/** What paging needs of a query builder. */
export interface PageableQuery<Q> {
  where(expression: Expression<SqlBool>): Q;
  orderBy(expression: RawBuilder<unknown>, direction: 'asc' | 'desc'): Q;
  limit(count: number): Q;
  offset(count: number): Q;
}

/**
 * A query cut down to one page, and one row more, which tells whether there is a next page.
 * @throws ValidationError with the path `cursor` when the cursor cannot be read
 */
export function paged<Q extends PageableQuery<Q>>(query: Q, order: ListOrder, page: PageQuery): Q {
  let result = query;
  if (page.cursor !== undefined) {
    const place = decodeCursor(
      order.list,
      page.cursor,
      order.columns.map(({ type }) => type),
    );
    const columns = sql.join(order.columns.map(({ name }) => sql.ref(name)));
    const after = sql.raw(order.direction === 'asc' ? '>' : '<');
    result = result.where(sql<SqlBool>`(${columns}) ${after} (${sql.join(place)})`);
  }
  for (const { name } of order.columns) result = result.orderBy(sql.ref(name), order.direction);
  // SQLite reads an offset in a loop even when it is 0; leaving it out also keeps the statement reusable.
  if (page.skip) result = result.offset(page.skip);
  return result.limit(page.limit + 1);
}

/** The page that the rows of such a query make. */
export function pageOf<T>(
  rows: readonly ResultRow[],
  order: ListOrder,
  page: PageQuery,
  record: (row: ResultRow) => T,
): Page<T> {
  const items = rows.slice(0, page.limit).map(record);
  const last = rows[page.limit - 1];
  if (rows.length <= page.limit || last === undefined) return { items };
  return {
    items,
    next: encodeCursor(
      order.list,
      order.columns.map(({ name }) => last[name] as CursorValue),
    ),
  };
}
