import type { OperationInput } from '../wire/contract.ts';
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
  /** Frees sockets, files and handles. */
  close(): Promise<void>;
}
