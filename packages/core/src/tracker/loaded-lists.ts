import { type Order, pageOf } from '../lists/page.ts';
import type { Page } from '../ports/page.ts';
import { pageLimits } from '../wire/schemas/common.ts';

/** The paging part of a query. */
interface PagingQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly skip?: number | undefined;
}

interface Aged {
  readonly createdAt: string;
  readonly id: string;
}

const byAge = {
  shape: ['string', 'string'],
  key: ({ createdAt, id }: Aged) => [createdAt, id],
} as const;

/** Oldest first. */
export const oldestFirst: Order<Aged> = byAge;
/** Newest first. */
export const newestFirst: Order<Aged> = { ...byAge, descending: true };
/** By state; what belongs to none comes first. */
export const byState: Order<{ readonly stateCode: number | null }> = {
  shape: ['number'],
  key: ({ stateCode }) => [stateCode ?? -1],
};
/** By state, then by age. */
export const byStateAndAge: Order<Aged & { readonly stateCode: number }> = {
  shape: ['number', 'string', 'string'],
  key: ({ stateCode, createdAt, id }) => [stateCode, createdAt, id],
};
/** By the key of a variable. */
export const byVariableKey: Order<{ readonly variableKey: string }> = {
  shape: ['string'],
  key: ({ variableKey }) => [variableKey],
};

/**
 * A page of a list that was loaded as a whole. These lists are short, so that without a limit there is as much as a page
 * can have.
 * @throws ValidationError with the path `cursor`
 */
export function pageOfLoaded<T, Row extends T>(
  entries: Iterable<Row>,
  { limit = pageLimits.max, cursor, skip }: PagingQuery,
  order: Order<T>,
): Page<Row> {
  return pageOf(entries, { limit, cursor, skip }, order);
}
