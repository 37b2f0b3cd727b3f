import type { DoorOptions, OperationAnswer, OperationInput, OperationName } from '@buildstate/core';

/** Options of every call. */
export interface CallOptions {
  /** Ends the call early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Performs one operation through the door and gives its answer. */
export type Call = <K extends OperationName>(
  operation: K,
  input: Partial<OperationInput<K>>,
  options?: CallOptions & Pick<DoorOptions, 'idempotencyKey'>,
) => Promise<OperationAnswer<K>>;

/** The body that an operation is sent. */
export type BodyOf<K extends OperationName> = NonNullable<OperationInput<K>['body']>;

type QueryInput<K extends OperationName> = OperationInput<K>['query'];

/** An operation's query parameters. What is a text on the wire may be given as a number or a flag. */
export type QueryOf<K extends OperationName> = {
  readonly [Name in keyof QueryInput<K>]?: string extends NonNullable<QueryInput<K>[Name]>
    ? string | number | boolean
    : QueryInput<K>[Name];
};

/** What paging adds to a list's query; `Listing` takes care of it. */
export type Paging = 'cursor' | 'skip';

/** Query parameters as they go over the wire: texts, without those that are `undefined`. */
export function queryTexts<K extends OperationName>(
  query: Readonly<Record<string, unknown>>,
): OperationInput<K>['query'] {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, String(value)]),
  ) as OperationInput<K>['query'];
}
