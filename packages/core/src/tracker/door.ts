import type { FollowedOperation } from '../feed/following.ts';
import type { OperationAnswer, OperationInput } from '../wire/contract.ts';
import type { OperationName } from '../wire/routes.ts';
import type { Outcome } from './tracker.ts';

/** Options of a call through a door. */
export interface DoorOptions {
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds that the answer of a server may take, for a call that is long work. @default as the door was opened
   */
  readonly timeoutMs?: number | undefined;
  /** See `CallContext.ifMatch`. @default none */
  readonly ifMatch?: readonly string[] | undefined;
  /** See `CallContext.idempotencyKey`. @default none */
  readonly idempotencyKey?: string | undefined;
}

/** One way to reach a tracker: over HTTP, or in the same process. All doors behave the same. */
export interface Door {
  /** Where it leads, for people; never with credentials. */
  readonly uri: string;
  /** Performs an operation. Params, query and body that an operation does not have are left out. */
  call<K extends OperationName>(
    operation: K,
    input: Partial<OperationInput<K>>,
    options?: DoorOptions,
  ): Promise<Outcome<K>>;
  /**
   * Follows a list of events: those that its query asks for, and then new ones as they happen. Over all builds it
   * begins now unless the query says otherwise. What interrupts it is mended, and nothing is missed. Ends with the
   * signal, without an error, or when the caller stops asking.
   */
  follow<K extends FollowedOperation>(
    operation: K,
    input: Partial<OperationInput<K>>,
    options?: Pick<DoorOptions, 'signal'>,
  ): AsyncIterable<OperationAnswer<K>[number]>;
  /** Frees sockets, files and handles. */
  close(): Promise<void>;
}
