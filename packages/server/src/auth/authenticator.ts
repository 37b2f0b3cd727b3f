import { timingSafeEqual } from 'node:crypto';
import { type Actor, type ApiToken, type Clock, type StateStore, UnavailableError } from '@buildstate/core';
import { type AccessTokens, looksLikeToken } from './access-tokens.ts';
import { type ApiKey, parseApiKey, secretMatches } from './api-key.ts';
import { developmentActor } from './development-keys.ts';
import type { LastUse } from './last-use.ts';
import type { Refusal } from './refusal.ts';

/** What an authenticator is built on. */
export interface AuthenticatorParts {
  /** Where keys are kept. */
  readonly store: Pick<StateStore, 'loadToken'>;
  /** Time, for expiry. */
  readonly clock: Clock;
  /** Notes when keys are used. */
  readonly lastUse: Pick<LastUse, 'note'>;
  /** Checks the tokens of people who logged in. @default none is good */
  readonly accessTokens?: Pick<AccessTokens, 'check'>;
  /** Whether the well-known development keys are good. @default false */
  readonly dev?: boolean;
}

interface Remembered {
  readonly token: ApiToken;
  /** Milliseconds on the monotonic clock at which it was read. */
  readonly readAt: number;
  /** When its token expires, in milliseconds since the epoch; `Infinity` for never. */
  readonly expiresAt: number;
  /** The secret that was found to be the right one, so that it need not be hashed for every request. */
  secret?: Buffer;
}

/** How long a key is believed without asking the store: a revoked one is refused within this time. */
const rememberMs = 1000;
/** Keys remembered at the same time. */
const mostRemembered = 1000;

/** Whether a secret is that of a key, in time that does not depend on either; it is hashed the first time only. */
function isRight(secret: string, found: Remembered | undefined): boolean {
  const asked = Buffer.from(secret, 'latin1');
  const right = found?.secret;
  if (right !== undefined && right.length === asked.length && timingSafeEqual(right, asked)) return true;
  const matches = secretMatches(secret, found?.token.hash);
  if (matches && found !== undefined) found.secret = asked;
  return matches;
}

/**
 * Says whom a key stands for. Keys that exist are remembered for at most a second; unknown ones never, so that the
 * memory cannot be filled by guessing. A store that does not answer lets nobody in.
 */
export class Authenticator {
  readonly #parts: AuthenticatorParts;
  readonly #remembered = new Map<string, Remembered>();

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
  }

  /**
   * Whom a key or an access token stands for, or why it is not good: at once for keys that are remembered, so that most
   * requests wait for nothing.
   * @throws UnavailableError when the store does not answer
   */
  check(text: string): Actor | Refusal | Promise<Actor | Refusal> {
    const key = parseApiKey(text);
    const { accessTokens } = this.#parts;
    if (key === undefined && accessTokens !== undefined && looksLikeToken(text))
      return accessTokens.check(text);
    if (key === undefined) {
      const actor = this.#parts.dev === true ? developmentActor(text) : undefined;
      return actor ?? 'is not in the form bldst_<id>_<secret>';
    }
    const remembered = this.#recall(key.id);
    if (remembered !== undefined) return this.#judge(key, remembered);
    return this.#load(key.id).then((read) => this.#judge(key, read));
  }

  /** The same, without believing what was read before. @throws UnavailableError when the store does not answer */
  checkAnew(text: string): Actor | Refusal | Promise<Actor | Refusal> {
    const key = parseApiKey(text);
    if (key !== undefined) this.forget(key.id);
    return this.check(text);
  }

  /** Makes the next use of a key ask the store, as after its revocation. */
  forget(id: string): void {
    this.#remembered.delete(id);
  }

  /** The same for all keys, as when it is not known which were revoked. */
  forgetAll(): void {
    this.#remembered.clear();
  }

  #judge(key: ApiKey, found: Remembered | undefined): Actor | Refusal {
    if (!isRight(key.secret, found) || found === undefined) return 'is not known';
    const { token, expiresAt } = found;
    const now = this.#parts.clock.now();
    if (token.revokedAt !== null) return 'has been revoked';
    if (expiresAt <= now) return 'has expired';
    this.#parts.lastUse.note(token, now);
    return { id: token.id, scopes: token.scopes, projectId: token.projectId };
  }

  #recall(id: string): Remembered | undefined {
    const found = this.#remembered.get(id);
    if (found === undefined) return undefined;
    if (this.#parts.clock.monotonic() - found.readAt < rememberMs) return found;
    this.#remembered.delete(id);
    return undefined;
  }

  async #load(id: string): Promise<Remembered | undefined> {
    const readAt = this.#parts.clock.monotonic();
    const token = await this.#parts.store.loadToken(id).catch((cause: unknown) => {
      throw new UnavailableError('Keys cannot be checked now, so nobody is let in. Try again soon.', {
        cause,
      });
    });
    if (token === undefined) return undefined;
    const expiresAt = token.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(token.expiresAt);
    const found = { token, readAt, expiresAt };
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(id, found);
    return found;
  }
}
