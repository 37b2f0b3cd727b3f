import type { Page, PageQuery } from '@buildstate/core';
import { decodeCursor, encodeCursor, ValidationError } from '@buildstate/core/light';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ResultRow } from './record-table.ts';

/** The order of a list. The columns together are unique, so that a page begins exactly where the one before ended. */
export interface ListOrder {
  /** The list's name, which its cursors carry. */
  readonly list: string;
  /** What it is ordered by. */
  readonly columns: readonly {
    readonly name: string;
    readonly type: 'string' | 'number';
    /** Where it is from, in a query that joins tables with columns of this name. */
    readonly table?: string;
  }[];
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

function refOf({ name, table }: ListOrder['columns'][number]): RawBuilder<unknown> {
  return sql.ref(table === undefined ? name : `${table}.${name}`);
}

/** What a cursor holds: the list that it is good for, and the place in it. */
function cursorOf(row: ResultRow, { list, columns }: ListOrder): string {
  return encodeCursor([list, ...columns.map(({ name }) => row[name] as string | number)]);
}

/** @throws ValidationError with the path `cursor` when it is not a cursor of this list */
function placeOf(cursor: string, { list, columns }: ListOrder): readonly (string | number)[] {
  const [of, ...place] = decodeCursor(cursor, ['string', ...columns.map(({ type }) => type)]);
  if (of === list) return place;
  const message = 'is a cursor of another list; take it from the answer before, or leave it out';
  throw new ValidationError(`cursor ${message}.`, { problems: [{ path: 'cursor', message }] });
}

/**
 * A query cut down to one page, and one row more, which tells whether there is a next page.
 * @throws ValidationError with the path `cursor` when the cursor cannot be read
 */
export function paged<Q extends PageableQuery<Q>>(query: Q, order: ListOrder, page: PageQuery): Q {
  let result = query;
  if (page.cursor !== undefined) {
    const place = placeOf(page.cursor, order);
    const columns = sql.join(order.columns.map(refOf));
    const after = sql.raw(order.direction === 'asc' ? '>' : '<');
    result = result.where(sql<SqlBool>`(${columns}) ${after} (${sql.join(place)})`);
  }
  for (const column of order.columns) result = result.orderBy(refOf(column), order.direction);
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
  return { items, next: cursorOf(last, order) };
}
