import type { OperationAnswer } from '@buildstate/core';
import type { BodyOf, CallOptions } from './call.ts';
import type { Operations } from './operations.ts';

/** An API key's record; never with its secret. */
export type TokenRecord = OperationAnswer<'listTokens'>[number];
/** A new API key: the one time that its secret is shown. */
export type CreatedToken = OperationAnswer<'createToken'>;

/** What erasing a name came to. */
export type ErasureRecord = OperationAnswer<'eraseUser'>;

/** API keys. The user is `me` unless said. */
export interface TokensApi {
  /** Makes a key with scopes within the caller's own. A lost answer is asked for again. */
  create(
    token: BodyOf<'createToken'>,
    options?: CallOptions & { readonly user?: string },
  ): Promise<CreatedToken>;
  /** A user's keys. */
  list(options?: CallOptions & { readonly user?: string }): Promise<readonly TokenRecord[]>;
  /**
   * Takes a name away for good, and revokes the keys that the person made. Doing so again changes nothing.
   * @throws ForbiddenError for keys that are good for one project
   */
  erase(
    name: string,
    how?: Pick<BodyOf<'eraseUser'>, 'dryRun' | 'search'>,
    options?: CallOptions,
  ): Promise<ErasureRecord>;
  /** Revokes a key at once. @throws NotFoundError */
  revoke(token: string, options?: CallOptions & { readonly user?: string }): Promise<void>;
}

/** The facade's part for API keys. */
export function tokensApi({ call, list }: Operations): TokensApi {
  return {
    create: (body, { user = 'me', ...options } = {}) =>
      call('createToken', { params: { userId: user }, body }, options),
    list: ({ user = 'me', ...options } = {}) => list('listTokens', { userId: user }, {}, options).all(),
    // The name goes in the body: paths are in logs.
    erase: (name, how = {}, options = {}) =>
      call('eraseUser', { params: { userId: '-' }, body: { ...how, name } }, options),
    revoke: (token, { user = 'me', ...options } = {}) =>
      call('revokeToken', { params: { userId: user, tokenId: token } }, options),
  };
}
