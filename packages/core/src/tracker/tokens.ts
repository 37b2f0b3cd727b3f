import { type ApiToken, covers } from '../access/api-token.ts';
import { newToken } from '../access/new-token.ts';
import { timestamp } from '../build/timestamp.ts';
import { ForbiddenError } from '../errors/forbidden-error.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import type { CheckedInput } from '../wire/contract.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import type { Actor, CallContext } from './tracker.ts';
import { tokenView } from './views.ts';

/** Whether an actor may see and revoke a key: those of its own project, or all. */
function mayManage(actor: Actor, token: ApiToken): boolean {
  return actor.projectId === null || actor.projectId === token.projectId;
}

/** Refuses a key that could do more than its maker. @throws ForbiddenError */
function checkNotWider(body: CheckedInput<'createToken'>['body'], { actor }: CallContext): void {
  const wider = body.scopes.find((scope) => !covers(actor.scopes, scope));
  const projectId = body.projectId ?? null;
  if (wider === undefined && (actor.projectId === null || actor.projectId === projectId)) return;
  const what =
    wider === undefined ? 'other projects than its maker' : `the scope "${wider}", which its maker has not`;
  throw new ForbiddenError(`A key cannot be good for ${what}.`, { context: { scopes: actor.scopes } });
}

/** Operations on API keys. Keys belong to the tracker; until there are accounts, `user_id` is `me`. */
export function tokenHandlers(
  engine: Engine,
): Handlers<'getCaller' | 'createToken' | 'listTokens' | 'revokeToken'> {
  const { store, crypto } = engine.parts;
  return {
    async getCaller(_, { actor }) {
      return { body: { id: actor.id, scopes: actor.scopes, projectId: actor.projectId } };
    },
    async createToken({ body }, context) {
      checkNotWider(body, context);
      const { token, key } = newToken(crypto, {
        name: body.name,
        scopes: body.scopes,
        projectId: body.projectId ?? null,
        expiresAt: body.expiresAt ?? null,
        createdBy: context.actor.id,
        createdAt: timestamp(engine.now()),
      });
      await store.saveToken(token);
      return { body: { ...tokenView(token), key } };
    },
    async listTokens(_, { actor }) {
      const tokens = await store.listTokens();
      return { body: tokens.filter((token) => mayManage(actor, token)).map(tokenView) };
    },
    async revokeToken({ params }, { actor }) {
      const token = await store.loadToken(params.tokenId);
      if (token === undefined || !mayManage(actor, token)) {
        throw new NotFoundError(`There is no key ${params.tokenId}. List keys with \`bldst token list\`.`, {
          context: { token_id: params.tokenId },
        });
      }
      await store.saveToken({ ...token, revokedAt: token.revokedAt ?? timestamp(engine.now()) });
      return { body: undefined };
    },
  };
}
