import { randomBytes } from 'node:crypto';
import { makeToken } from '@buildstate/conformance';
import { systemClock } from '@buildstate/node-runtime';
import { openStateStore } from '@buildstate/state-stores';
import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { expect, onTestFinished, test, vi } from 'vitest';
import { hashSecret } from '../../src/auth/api-key.ts';
import { Authenticator } from '../../src/auth/authenticator.ts';
import { forgetChangedKeys } from '../../src/auth/forget-changed-keys.ts';

test('a key that another instance revoked is refused at once, though it was checked a moment ago', async () => {
  const { url } = await newDatabase();
  const [here, there] = await Promise.all([openStateStore(url), openStateStore(url)]);
  onTestFinished(async () => {
    await Promise.all([here.close(), there.close()]);
  });
  // No time passes for this instance, so that nothing it remembers becomes too old to be believed.
  const clock = { ...systemClock, monotonic: () => 0 };
  const authenticator = new Authenticator({ store: here, clock, lastUse: { note: () => undefined } });
  await forgetChangedKeys(here, authenticator);
  const [id, secret] = [randomBytes(8).toString('hex'), randomBytes(32).toString('base64url')];
  const key = `bldst_${id}_${secret}`;
  const token = makeToken({ id, hash: hashSecret(secret), expiresAt: null, revokedAt: null });
  await there.saveToken(token);
  await vi.waitFor(async () => expect(await authenticator.check(key)).toMatchObject({ id: token.id }));
  await there.saveToken({ ...token, revokedAt: '2026-01-02T00:00:00.000Z' });
  await vi.waitFor(async () => expect(await authenticator.check(key)).toBe('has been revoked'), {
    timeout: 10_000,
  });
});
