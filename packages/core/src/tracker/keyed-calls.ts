import type { JsonObject } from '../build/build.ts';
import { timestamp } from '../build/timestamp.ts';
import { KeyReusedError } from '../errors/key-reused-error.ts';
import { RequestInFlightError } from '../errors/request-in-flight-error.ts';
import type { SealedBox } from '../ports/crypto.ts';
import type { KeyedRequest, RequestClaim } from '../ports/keyed-requests.ts';
import { toHex } from '../text/bytes-as-text.ts';
import { fromWire } from '../wire/casing.ts';
import type { Engine } from './engine.ts';
import {
  type AskedFor,
  checkKey,
  type KeyedIdentity,
  keyedIdentity,
  type Performed,
} from './keyed-identity.ts';
import { seededRandom } from './seeded-random.ts';
import type { CallContext } from './tracker.ts';

/** How long a request is remembered at least, in milliseconds. */
const rememberedMs = 24 * 3_600_000;
/** How long nobody else performs a request, in milliseconds: longer than any but a deep look at large artifacts. */
const heldMs = 60_000;
const seedBytes = 32;

/** A request of which its caller's key is remembered. */
export interface KeyedCall extends AskedFor {
  /** Whether a build remembers the answer, in the same change as the effect. */
  readonly rememberedByBuild: boolean;
  /** Whether the answer holds a secret. */
  readonly secret: boolean;
}

/**
 * Performs requests that carry a key of their caller's (`Idempotency-Key`) once.
 *
 * The key is bound to its request first, so that it cannot mean two. What a build remembers as a report needs nothing
 * more: effect and answer are one change. Anything else is held while it is performed, and its answer is kept; when
 * whoever performs it dies, the next one performs it again with the same ids, which comes to the same effect.
 */
export class KeyedCalls {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Performs a request, or answers what was answered first.
   * @param run performs it; what it makes must have ids from the context that it is given
   * @throws KeyReusedError, RequestInFlightError, ValidationError for a key that is none, and what `run` throws
   */
  perform<T, P extends Performed<T>>(
    call: KeyedCall,
    context: CallContext,
    run: (context: CallContext) => Promise<P>,
  ): Promise<P | Performed<T>> {
    const { idempotencyKey } = context;
    return idempotencyKey === undefined
      ? run(context)
      : this.#performOnce(idempotencyKey, call, context, run);
  }

  async #performOnce<T, P extends Performed<T>>(
    idempotencyKey: string,
    call: KeyedCall,
    context: CallContext,
    run: (context: CallContext) => Promise<P>,
  ): Promise<P | Performed<T>> {
    const { store, crypto, clock } = this.#engine.parts;
    const key = checkKey(idempotencyKey);
    const identity = keyedIdentity(crypto, context.actor, key, call);
    const now = clock.now();
    const claim = this.#claim(call, identity, now);
    const kept = await store.claimRequest(claim, timestamp(now));
    if (kept.fingerprint !== claim.fingerprint) throw reused();
    const keyed = { ...context, keyed: this.#keyed(identity, kept) };
    if (call.rememberedByBuild) return run(keyed);
    if (kept.answer !== null) return this.#replayed<T>(kept, kept.answer);
    if (kept.performer !== claim.performer) throw inFlight();
    return this.#finish(call, claim, () => run(keyed));
  }

  #claim(call: KeyedCall, { id, fingerprint }: KeyedIdentity, now: number): RequestClaim {
    return {
      id,
      fingerprint,
      performer: this.#engine.uuid(),
      heldUntil: call.rememberedByBuild ? null : timestamp(now + heldMs),
      expiresAt: timestamp(now + rememberedMs),
      seed: call.secret ? this.#seal(id, this.#newSeed()) : null,
    };
  }

  #newSeed(): string {
    return toHex(this.#engine.parts.crypto.random(seedBytes));
  }

  #keyed(identity: KeyedIdentity, { id, seed }: KeyedRequest): CallContext['keyed'] {
    if (seed === null) return identity;
    return { ...identity, random: seededRandom(this.#engine.parts.crypto, this.#unseal(id, seed)) };
  }

  async #finish<T, P extends Performed<T>>(
    { secret }: KeyedCall,
    { id, performer }: RequestClaim,
    run: () => Promise<P>,
  ): Promise<P> {
    const { store } = this.#engine.parts;
    let outcome: P;
    try {
      outcome = await run();
    } catch (error) {
      await this.#release(id, performer);
      throw error;
    }
    const { etag = null } = outcome;
    const shown = { body: this.#engine.keptAnswer(outcome.body) ?? null, etag };
    const answer = secret ? this.#seal(id, JSON.stringify(shown)) : shown;
    if (!(await store.finishRequest(id, performer, answer))) throw inFlight();
    return outcome;
  }

  /** A failure changes nothing that performing again would not come to, so the same request may be sent again. */
  async #release(id: string, performer: string): Promise<void> {
    try {
      await this.#engine.parts.store.releaseRequest(id, performer);
    } catch (error) {
      // It is free in a minute anyhow; the caller is told of the failure that came first.
      this.#engine.logger.warn({ error }, 'A keyed request that failed could not be released.');
    }
  }

  #replayed<T>({ id }: KeyedRequest, answer: JsonObject): Performed<T> {
    const shown = 'sealed' in answer ? (JSON.parse(this.#unseal(id, answer)) as JsonObject) : answer;
    const etag = typeof shown.etag === 'string' ? { etag: shown.etag } : {};
    return { body: fromWire<T>(shown.body ?? undefined), replayed: true, ...etag };
  }

  #seal(id: string, text: string): JsonObject {
    return { sealed: { ...this.#engine.parts.crypto.keys.seal(text, sealContext(id)) } };
  }

  #unseal(id: string, { sealed }: JsonObject): string {
    return this.#engine.parts.crypto.keys.open(sealed as unknown as SealedBox, sealContext(id));
  }
}

const sealContext = (id: string) => `keyed request ${id}`;

function reused(): KeyReusedError {
  return new KeyReusedError(
    'The Idempotency-Key was used for another request. Make a new key for each request, and send one again only ' +
      'with the same request.',
  );
}

function inFlight(): RequestInFlightError {
  return new RequestInFlightError(
    'A request with this Idempotency-Key is being performed. Send it again in a moment for its answer.',
  );
}
