import { type Actor, type Clock, type Ids, type KeyRing, type Scope, scopes } from '@buildstate/core';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Refusal } from './refusal.ts';
import type { Users } from './users.ts';

/** Seconds that an access token is good for. */
export const tokenSeconds = 3600;

/** What access tokens are made and checked with. */
export interface AccessTokenParts {
  /** Whose keys sign. */
  readonly keys: Pick<KeyRing, 'derive'>;
  /** Time, for expiry. */
  readonly clock: Clock;
  /** Makes the tokens' ids. */
  readonly ids: Ids;
  /** Who may use a token now: what it says of scopes only narrows that. */
  readonly users: Users;
}

/** A new access token. */
export interface AccessToken {
  /** The token. */
  readonly token: string;
  /** Seconds that it is good for. */
  readonly expiresIn: number;
}

/** Bound to the key that signs, so that no other use of the ring's secrets can make a token. */
const purpose = 'access tokens 1';
/** The one algorithm of these keys. The token's own header has no say. */
const algorithm = 'HS256';
const issuer = 'buildstate';
/** `typ` of access tokens (RFC 9068), so that no other kind of JWT is taken for one. */
const type = 'at+jwt';

const form = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Whether a text has the form of a JWT, and none of an API key. */
export function looksLikeToken(text: string): boolean {
  return form.test(text);
}

/** The scopes that a token names, as far as there are such scopes. */
function scopesIn(claim: unknown): Scope[] {
  const named = typeof claim === 'string' ? claim.split(' ') : [];
  return scopes.filter((scope) => named.includes(scope));
}

/** Short-lived tokens (JWT) for people who logged in, signed with the key ring and good on every server that has it. */
export class AccessTokens {
  readonly #parts: AccessTokenParts;

  constructor(parts: AccessTokenParts) {
    this.#parts = parts;
  }

  /**
   * Makes a token for somebody who has just proved who they are.
   * @param granted the scopes that it is good for
   * @throws TypeError when the ring has no key, which a server always has
   */
  async make(actor: Actor, granted: readonly Scope[]): Promise<AccessToken> {
    const { keys, clock, ids } = this.#parts;
    const key = keys.derive(purpose);
    if (key === undefined) throw new TypeError('The key ring has no key to sign access tokens with.');
    const now = Math.floor(clock.now() / 1000);
    const token = await new SignJWT({ scope: granted.join(' ') })
      .setProtectedHeader({ alg: algorithm, typ: type, kid: key.keyId })
      .setIssuer(issuer)
      .setAudience(issuer)
      .setSubject(actor.id)
      .setJti(ids.uuid())
      .setIssuedAt(now)
      .setExpirationTime(now + tokenSeconds)
      .sign(key.bytes);
    return { token, expiresIn: tokenSeconds };
  }

  /** Whom a token stands for, or why it is not good. */
  async check(token: string): Promise<Actor | Refusal> {
    const { keys, clock, users } = this.#parts;
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid }) => {
          const key = kid === undefined ? undefined : keys.derive(purpose, kid);
          if (key === undefined) throw new errors.JWKSNoMatchingKey();
          return key.bytes;
        },
        {
          algorithms: [algorithm],
          issuer,
          audience: issuer,
          typ: type,
          requiredClaims: ['sub', 'exp', 'iat', 'jti', 'scope'],
          currentDate: new Date(clock.now()),
        },
      );
      const user = users.byId(payload.sub ?? '');
      if (user === undefined) return 'belongs to nobody here';
      const granted = scopesIn(payload.scope).filter((scope) => user.scopes.includes(scope));
      return { ...user, scopes: granted };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'has expired';
      if (error instanceof errors.JOSEError) return 'is not one that this server made';
      throw error;
    }
  }
}
