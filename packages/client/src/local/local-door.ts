import type {
  Actor,
  DoorOptions,
  FollowedOperation,
  OperationAnswer,
  OperationInput,
  OperationName,
  Outcome,
  StateStore,
  Tracker,
} from '@buildstate/core';
import { toWire } from '@buildstate/core/light';
import { routes } from '@buildstate/core/routes';
import type { SignedRecord } from '@buildstate/transfer';
import type { ClientDoor } from '../client-door.ts';
import type { Health } from '../health.ts';

/** What a local door leads to. */
export interface LocalDoorParts {
  /** Where the store is, for people. */
  readonly uri: string;
  /** The engine. */
  readonly tracker: Tracker;
  /** The store under it, open. */
  readonly store: Pick<StateStore, 'ping' | 'close'>;
  /** On whose behalf everything is done. */
  readonly actor: Actor;
  /** See `ClientDoor.checkSignature`. */
  readonly checkSignature: (artifact: SignedRecord) => void;
}

/** What JSON makes of a value, so that a door in the same process takes exactly what one over HTTP takes. */
function throughJson(value: unknown): unknown {
  const text = JSON.stringify(toWire(value));
  return text === undefined ? undefined : JSON.parse(text);
}

/** A tracker in this process, over a store that it opened. */
export class LocalDoor implements ClientDoor {
  readonly mode = 'local';
  readonly uri: string;
  readonly checkSignature: (artifact: SignedRecord) => void;
  readonly #parts: LocalDoorParts;

  constructor(parts: LocalDoorParts) {
    this.uri = parts.uri;
    this.checkSignature = parts.checkSignature;
    this.#parts = parts;
  }

  async call<K extends OperationName>(
    operation: K,
    input: Partial<OperationInput<K>>,
    options: DoorOptions = {},
  ): Promise<Outcome<K>> {
    options.signal?.throwIfAborted();
    const { ifMatch, idempotencyKey, signal } = options;
    const { tracker, actor } = this.#parts;
    const raw = {
      params: throughJson(input.params ?? {}),
      query: throughJson(input.query ?? {}),
      body: throughJson(input.body),
    };
    const outcome = await tracker.perform(operation, raw, { actor, ifMatch, idempotencyKey, signal });
    // What only waited has found nothing because the caller has gone.
    if (outcome.body === undefined && routes[operation].method === 'POST') signal?.throwIfAborted();
    return outcome;
  }

  async *follow<K extends FollowedOperation>(
    operation: K,
    input: Partial<OperationInput<K>>,
    { signal }: Pick<DoorOptions, 'signal'> = {},
  ): AsyncGenerator<OperationAnswer<K>[number], void> {
    const { tracker, actor } = this.#parts;
    const { eventBody } = await import('@buildstate/core');
    const stopped = new AbortController();
    const ending = signal === undefined ? stopped.signal : AbortSignal.any([signal, stopped.signal]);
    const raw = { params: throughJson(input.params ?? {}), query: throughJson(input.query ?? {}) };
    try {
      for await (const { entries } of await tracker.follow(operation, raw, { actor }, ending))
        for (const { found } of entries) yield eventBody(found) as OperationAnswer<K>[number];
    } finally {
      stopped.abort();
    }
  }

  async health(): Promise<Health> {
    await this.#parts.store.ping();
    return { status: 'ok', timestamp: new Date().toISOString() };
  }

  async close(): Promise<void> {
    await this.#parts.store.close();
  }
}
