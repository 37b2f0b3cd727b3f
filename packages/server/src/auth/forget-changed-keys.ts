import type { StateStore } from '@buildstate/core';
import type { Authenticator } from './authenticator.ts';

/**
 * Makes an authenticator forget keys as soon as any instance changes them, where the store gives word of that: a key
 * that is revoked on one instance is refused by all of them at once, and not only when it is read again.
 * @throws UnavailableError when the store cannot be listened to
 */
export async function forgetChangedKeys(
  store: Pick<StateStore, 'watch'>,
  authenticator: Pick<Authenticator, 'forget' | 'forgetAll'>,
): Promise<void> {
  await store.watch?.((hint) => {
    if (hint.kind === 'token') authenticator.forget(hint.tokenId);
    else if (hint.kind === 'missed') authenticator.forgetAll();
  });
}
