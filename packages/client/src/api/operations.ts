import type { Door, Ids, OperationAnswer, OperationInput, OperationName } from '@buildstate/core';
import { type Call, type CallOptions, type QueryOf, queryTexts } from './call.ts';
import { type Listing, listing } from './listing.ts';
import { withOnceId } from './once.ts';

type ListItem<K extends OperationName> = OperationAnswer<K> extends readonly (infer Item)[] ? Item : never;

/** What the parts of the facade are made from. */
export interface Operations {
  /** Performs one operation. What it creates or reports gets an id first, so that repeats are safe. */
  readonly call: Call;
  /** Makes ids for what is created and reported. */
  readonly ids: Ids;
  /** Who reports when a report does not say: the CI job, else `user@host`. */
  readonly reporter: () => string;
  /** A list, fetched when it is read. */
  list<K extends OperationName>(
    operation: K,
    params: OperationInput<K>['params'],
    query: QueryOf<K>,
    options?: CallOptions,
  ): Listing<ListItem<K>>;
}

/** Binds the facade to a door. */
export function operationsOf(door: Door, ids: Ids, reporter: () => string): Operations {
  const call: Call = async (operation, input, options) => {
    const body = withOnceId(operation, input.body, () => ids.uuid()) as typeof input.body;
    return (await door.call(operation, { ...input, body }, options)).body;
  };
  return {
    call,
    ids,
    reporter,
    list(operation, params, query, options) {
      return listing(async (cursor) => {
        const asked = queryTexts<typeof operation>({ ...query, cursor });
        const { body, next } = await door.call(operation, { params, query: asked }, options);
        return { items: body as never, ...(next !== undefined && { next }) };
      });
    },
  };
}
