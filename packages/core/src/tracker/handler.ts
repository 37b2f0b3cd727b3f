import type { CheckedInput } from '../wire/contract.ts';
import type { OperationName } from '../wire/routes.ts';
import type { CallContext, Outcome } from './tracker.ts';

/** What does an operation: checked input in, outcome out. */
export type Handler<K extends OperationName> = (
  input: CheckedInput<K>,
  context: CallContext,
) => Promise<Outcome<K>>;

/** Some operations and what does them. */
export type Handlers<K extends OperationName> = { readonly [Name in K]: Handler<Name> };

/** The part of a list that a query asks for. */
export function pageOf(query: {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly skip?: number | undefined;
}) {
  return { limit: query.limit ?? 100, cursor: query.cursor, skip: query.skip };
}

/** Enough for everything that a build may have. */
export const everything = { limit: 1_000_000 } as const;
