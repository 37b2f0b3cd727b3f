import type { Door, DoorOptions, OperationInput, OperationName, Outcome } from '@buildstate/core';
import type { SignedRecord } from '@buildstate/transfer';
import type { ServerBytes } from './artifact/server-bytes.ts';
import type { Health } from './health.ts';

/** Options of a call through one of this package's doors. */
export interface ClientDoorOptions extends DoorOptions {
  /** Fewer tries than usual, for calls that are repeated later anyhow. */
  readonly tries?: number;
}

/** What this package's doors can do besides the operations. */
export interface ClientDoor extends Door {
  /** `server` over HTTP, `local` in this process. */
  readonly mode: 'server' | 'local';
  call<K extends OperationName>(
    operation: K,
    input: Partial<OperationInput<K>>,
    options?: ClientDoorOptions,
  ): Promise<Outcome<K>>;
  /** Whether the tracker can be used now. @throws UnreachableError */
  health(options?: DoorOptions): Promise<Health>;
  /** The bytes that the tracker keeps itself, behind `server:` URIs, where it does. */
  readonly serverBytes?: ServerBytes;
  /**
   * Checks that a record says of its bytes what was signed, where this side has the keys; with a server, the server
   * does. @throws IntegrityError
   */
  readonly checkSignature?: (artifact: SignedRecord) => void;
}
