import type { Scope } from '../access/api-token.ts';
import type { Artifact, VerificationStatus } from '../artifact/artifact.ts';
import type { FollowedOperation, Following } from '../feed/following.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Ids } from '../ports/ids.ts';
import type { Logger } from '../ports/logger.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { RetentionPolicy } from '../retention/policy.ts';
import type { OperationAnswer } from '../wire/contract.ts';
import type { OperationName } from '../wire/routes.ts';
import type { RawInput } from '../wire/validate.ts';
import type { AskedFor, KeyedIdentity, Performed } from './keyed-identity.ts';

/** On whose behalf an operation is done. */
export interface Actor {
  /** A key's id, or `user@host` where there is no server. Recorded with events. */
  readonly id: string;
  /** What the actor may do. */
  readonly scopes: readonly Scope[];
  /** The only project that the actor may see, or `null` for all. */
  readonly projectId: string | null;
}

/** What surrounds a call. */
export interface CallContext {
  /** On whose behalf. */
  readonly actor: Actor;
  /**
   * Tags of which what is changed must still have one: those that `Outcome.etag` gave, `*` for any. @default none, and
   * nothing is checked
   */
  readonly ifMatch?: readonly string[] | undefined;
  /**
   * A key that the caller made for this one request (`Idempotency-Key`): sent again with it, the request has one
   * effect and one answer. 1 to 255 visible ASCII characters. Understood by operations that are not repeatable by
   * themselves: `POST` and `PATCH`. @default none
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * Where the paths of fields are put that the operation does not know, which are ignored then. @default none: a call
   * with unknown fields is refused
   */
  readonly ignoredFields?: string[] | undefined;
  /**
   * Aborts when nobody waits for the answer any more, or nobody should be kept waiting: operations that wait for something
   * answer what they have. @default never
   */
  readonly signal?: AbortSignal | undefined;
  /** What the key makes of the request. Set by the engine; what doors put here is not looked at. */
  readonly keyed?: KeyedContext | undefined;
}

/** What operations need to know of a request with a key. */
export interface KeyedContext extends Pick<KeyedIdentity, 'eventId' | 'idFor'> {
  /** Secret random bytes that are the same each time; only where the answer holds a secret. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
}

/** What an operation gives back. */
export interface Outcome<K extends OperationName> {
  /** The answer, with TypeScript's names. */
  readonly body: OperationAnswer<K>;
  /** Of a list: where the next page begins. */
  readonly next?: string | undefined;
  /** Of a single thing: stands for its present content, to be named by `ifMatch` when it is changed. */
  readonly etag?: string | undefined;
  /** Whether it is the answer to an earlier sending of the same request. */
  readonly replayed?: boolean | undefined;
}

/** What an inspection of an artifact's bytes found. */
export interface Inspection {
  /** `unverified` when the bytes cannot be reached from here. */
  readonly status: VerificationStatus;
  /** What was seen, as a sentence, when it is not good. */
  readonly problem?: string | undefined;
}

/** Looks at the bytes of artifacts; provided by doors that can reach storage. */
export interface ArtifactInspector {
  /** Whether the bytes are there with their size; `deep`: whether they hash to their checksum. Never throws for bad bytes. */
  inspect(
    artifact: Artifact,
    options: { readonly deep: boolean; readonly signal?: AbortSignal },
  ): Promise<Inspection>;
}

/** What the engine is built on. */
export interface TrackerParts {
  /** Where builds are kept. */
  readonly store: StateStore;
  /** Time for what stores do not time themselves. */
  readonly clock: Clock;
  /** Makes ids. */
  readonly ids: Ids;
  /** Hashes, keys. */
  readonly crypto: Crypto;
  /** Where the engine says what it does. @default silent */
  readonly logger?: Logger;
  /** Looks at bytes. Without one, artifacts stay `unverified` unless callers say what they saw. */
  readonly inspector?: ArtifactInspector;
  /**
   * Signs what is recorded of an artifact whose bytes are known by a SHA-256; the text is kept with the record.
   * Without one, records say "integrity only".
   */
  readonly sign?: (artifact: Artifact) => string | null;
  /** How long histories are kept in projects that say nothing of their own, for who asks. @default `defaultRetention` */
  readonly retention?: RetentionPolicy;
  /** Numbers from 0 (inclusive) to 1 (exclusive) for jitter. @default Math.random */
  readonly random?: () => number;
  /** Whether unknown projects, platforms and so on are made on first use. @default true */
  readonly createReferences?: boolean;
  /** URI under which workers store artifacts of projects that say nothing of their own. @default null */
  readonly artifactBase?: string | null;
  /**
   * Whether builds that were just changed are decided on without reading them again, where the store can guard that;
   * worth it in a process that lives long. @default false
   */
  readonly recentHeads?: boolean;
}

/**
 * The engine: every operation, over one store. Doors hand it unchecked input in the names of the wire; it
 * checks scope and input, decides, and answers with TypeScript's names.
 */
export interface Tracker {
  /**
   * Performs an operation.
   * @throws ValidationError, ForbiddenError, NotFoundError and the errors of the operation
   */
  perform<K extends OperationName>(operation: K, input: RawInput, context: CallContext): Promise<Outcome<K>>;
  /**
   * Follows a list of events live: those behind a place, and then new ones as they come. The list's query says where it
   * begins and what is wanted; nothing of a page in it is looked at. It ends with the signal alone.
   * @throws ValidationError, ForbiddenError, NotFoundError; NotSupportedError for all builds of a store without a stream
   */
  follow(
    operation: FollowedOperation,
    input: RawInput,
    context: CallContext,
    signal: AbortSignal,
  ): Promise<Following>;
  /**
   * Does something that is no operation of the tracker's once for the key in the context, as operations are.
   * @param run does it; done twice, because whoever did it first died, it must come to the same
   * @throws KeyReusedError, RequestInFlightError, ValidationError for a key that is none, and what `run` throws
   */
  once<T>(asked: AskedFor, context: CallContext, run: () => Promise<T>): Promise<Performed<T>>;
}
