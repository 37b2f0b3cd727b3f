import type { Actor, StateStore, Tracker } from '@buildstate/core';

/** The server itself, when it makes the first key. */
const self: Actor = { id: 'server', scopes: ['admin'], projectId: null };

/**
 * On a store without any key, makes one for the first administrator.
 * @returns the key, which is shown once and stored as a hash only; `undefined` when there are keys already
 */
export async function makeFirstKey(
  store: Pick<StateStore, 'listTokens'>,
  tracker: Tracker,
): Promise<string | undefined> {
  if ((await store.listTokens()).length > 0) return undefined;
  const input = { params: { user_id: 'me' }, body: { name: 'first admin key', scopes: ['admin'] } };
  const { body } = await tracker.perform('createToken', input, { actor: self });
  return body.key;
}
