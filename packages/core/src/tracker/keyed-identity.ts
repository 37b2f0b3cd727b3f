import type { Scope } from '../access/api-token.ts';
import type { JsonValue } from '../build/build.ts';
import { ValidationError } from '../errors/validation-error.ts';
import type { Crypto } from '../ports/crypto.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import { uuidOf } from '../text/uuid.ts';

/** What a caller's key makes of its request: the same each time that the same request is sent. */
export interface KeyedIdentity {
  /** By which the store knows caller and key. */
  readonly id: string;
  /** Which request it is. Salted with the key, so that what was asked cannot be guessed from it. */
  readonly fingerprint: string;
  /** The id under which a build remembers the request as a report. */
  readonly eventId: string;
  /** An id for something that the request makes. The same purpose gives the same id each time. */
  idFor(purpose: string): string;
}

/** What is asked: the operation and its input in the names of the wire. */
export interface AskedFor {
  /** The operation's name. */
  readonly operation: string;
  /** Path, query and body. */
  readonly input: unknown;
}

/** Who asks. */
export interface KeyedCaller {
  /** Their id. */
  readonly id: string;
  /** What they may do now. */
  readonly scopes: readonly Scope[];
  /** The only project that they may see, or `null` for all. */
  readonly projectId: string | null;
}

/**
 * The identity of a request.
 * @param caller whose key it is: two callers may use the same one. What they may do is part of what is asked: who logged
 *   in for less is not answered what they were answered when they could do more
 */
export function keyedIdentity(
  crypto: Pick<Crypto, 'sha256Hex'>,
  { id: actorId, scopes, projectId }: KeyedCaller,
  key: string,
  asked: AskedFor,
): KeyedIdentity {
  const hash = (...parts: readonly string[]) => crypto.sha256Hex(canonicalJson(parts));
  const id = hash('keyed request', actorId, key);
  const caller = { scopes: [...scopes].sort(), projectId };
  const fingerprint = hash('asked for', key, canonicalJson({ ...asked, caller } as unknown as JsonValue));
  const made = (purpose: string) => uuidOf(hash('made by', id, fingerprint, purpose));
  return { id, fingerprint, eventId: made('report'), idFor: (purpose) => made(`id ${purpose}`) };
}

const visible = /^[\x21-\x7e]{1,255}$/;

/** @throws ValidationError for a key that no request can have */
export function checkKey(key: string): string {
  if (visible.test(key)) return key;
  const message = 'must be 1 to 255 visible ASCII characters, such as a UUID, or those in double quotes';
  throw new ValidationError(`Idempotency-Key ${message}.`, {
    problems: [{ path: 'Idempotency-Key', message }],
  });
}

/** What performing gives. */
export interface Performed<T> {
  /** The answer, with TypeScript's names. */
  readonly body: T;
  /** Whether it was given before. */
  readonly replayed?: boolean | undefined;
  /** The tag of what it shows, where it has one of its own. */
  readonly etag?: string | undefined;
}
