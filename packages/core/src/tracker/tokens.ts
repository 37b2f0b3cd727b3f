import { type ApiToken, covers } from '../access/api-token.ts';
import { newToken } from '../access/new-token.ts';
import { timestamp } from '../build/timestamp.ts';
import { ForbiddenError } from '../errors/forbidden-error.ts';
import { NotFoundError } from '../errors/not-found-error.ts';
import type { CheckedInput } from '../wire/contract.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';
import { oldestFirst, pageOfLoaded } from './loaded-lists.ts';
import { loadProject } from './projects.ts';
import type { Actor, CallContext } from './tracker.ts';
import { tokenView } from './views.ts';

/** Whether an actor may see and revoke a key: those of its own project, or all. */
function mayManage(actor: Actor, token: ApiToken): boolean {
  return actor.projectId === null || actor.projectId === token.projectId;
}

type Body = CheckedInput<'createToken'>['body'];

/**
 * What a key could do that its maker cannot, in words.
 * @param maker the maker's own key, where it has one
 */
function excess(
  { scopes, projectId, expiresAt }: Body,
  actor: Actor,
  maker: ApiToken | undefined,
): string | undefined {
  const wider = scopes.find((scope) => !covers(actor.scopes, scope));
  if (wider !== undefined) return `be good for the scope "${wider}", which its maker has not`;
  if (actor.projectId !== null && actor.projectId !== projectId)
    return 'be good for other projects than its maker';
  const until = maker?.expiresAt ?? null;
  const outlives = until !== null && (expiresAt == null || expiresAt > until);
  return outlives ? `outlive its maker, which expires at ${until}` : undefined;
}

/** Refuses a key that could do more than its maker. @throws ForbiddenError */
async function checkNotWider(engine: Engine, body: Body, { actor }: CallContext): Promise<void> {
  const what = excess(body, actor, await engine.parts.store.loadToken(actor.id));
  if (what === undefined) return;
  throw new ForbiddenError(`A key cannot ${what}.`, {
    context: { scopes: actor.scopes, project_id: actor.projectId },
  });
}

/** Until there are accounts, the only user is the caller. @throws NotFoundError */
function checkUser({ userId }: { readonly userId: string }, { actor }: CallContext): void {
  if (userId === 'me' || userId === actor.id) return;
  throw new NotFoundError(`There is no user "${userId}". Keys have no accounts yet: write "me".`, {
    context: { user_id: userId },
  });
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
    async createToken({ params, body }, context) {
      checkUser(params, context);
      await checkNotWider(engine, body, context);
      if (body.projectId != null) await loadProject(engine, body.projectId, context);
      const random = context.keyed?.random ?? ((length: number) => crypto.random(length));
      const { token, key } = newToken(
        { random, sha256Hex: (data) => crypto.sha256Hex(data) },
        {
          name: body.name,
          scopes: body.scopes,
          projectId: body.projectId ?? null,
          expiresAt: body.expiresAt ?? null,
          createdBy: await engine.opaqueActor(context),
          createdAt: timestamp(engine.now()),
        },
      );
      // Only a request that is performed again makes the id of a key that is there, and it makes the same secret.
      const made = context.keyed === undefined ? undefined : await store.loadToken(token.id);
      if (made === undefined) await store.saveToken(token);
      return { body: { ...tokenView(made ?? token), key } };
    },
    async listTokens({ params, query }, context) {
      checkUser(params, context);
      const tokens = (await store.listTokens()).filter((token) => mayManage(context.actor, token));
      const { items, next } = pageOfLoaded(tokens, query, oldestFirst);
      return { body: items.map(tokenView), next };
    },
    async revokeToken({ params }, context) {
      checkUser(params, context);
      const token = await store.loadToken(params.tokenId);
      if (token === undefined || !mayManage(context.actor, token)) {
        throw new NotFoundError(`There is no key ${params.tokenId}. List keys with \`bldst token list\`.`, {
          context: { token_id: params.tokenId },
        });
      }
      await store.saveToken({ ...token, revokedAt: token.revokedAt ?? timestamp(engine.now()) });
      return { body: undefined };
    },
  };
}
