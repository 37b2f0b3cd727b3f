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
}

/** How long a key is believed without asking the store: a revoked one is refused within this time. */
const rememberMs = 1000;
/** Keys remembered at the same time. */
const mostRemembered = 1000;

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
   * Whom a key or an access token stands for, or why it is not good.
   * @throws UnavailableError when the store does not answer
   */
  async check(text: string): Promise<Actor | Refusal> {
    const key = parseApiKey(text);
    const { accessTokens } = this.#parts;
    if (key === undefined && accessTokens !== undefined && looksLikeToken(text))
      return accessTokens.check(text);
    if (key === undefined) {
      const actor = this.#parts.dev === true ? developmentActor(text) : undefined;
      return actor ?? 'is not in the form bldst_<id>_<secret>';
    }
    const token = this.#recall(key.id) ?? (await this.#load(key.id));
    return this.#judge(key, token);
  }

  /** Makes the next use of a key ask the store, as after its revocation. */
  forget(id: string): void {
    this.#remembered.delete(id);
  }

  /** The same for all keys, as when it is not known which were revoked. */
  forgetAll(): void {
    this.#remembered.clear();
  }

  #judge(key: ApiKey, token: ApiToken | undefined): Actor | Refusal {
    if (!secretMatches(key.secret, token?.hash) || token === undefined) return 'is not known';
    const now = this.#parts.clock.now();
    if (token.revokedAt !== null) return 'has been revoked';
    if (token.expiresAt !== null && Date.parse(token.expiresAt) <= now) return 'has expired';
    this.#parts.lastUse.note(token, now);
    return { id: token.id, scopes: token.scopes, projectId: token.projectId };
  }

  #recall(id: string): ApiToken | undefined {
    const found = this.#remembered.get(id);
    if (found === undefined) return undefined;
    if (this.#parts.clock.monotonic() - found.readAt < rememberMs) return found.token;
    this.#remembered.delete(id);
    return undefined;
  }

  async #load(id: string): Promise<ApiToken | undefined> {
    const readAt = this.#parts.clock.monotonic();
    const token = await this.#parts.store.loadToken(id).catch((cause: unknown) => {
      throw new UnavailableError('Keys cannot be checked now, so nobody is let in. Try again soon.', {
        cause,
      });
    });
    if (token !== undefined) {
      if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
      this.#remembered.set(id, { token, readAt });
    }
    return token;
  }
}
