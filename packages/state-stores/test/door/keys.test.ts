import { createMemoryStore } from '@buildstate/state-stores/memory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenTracker, openTracker } from './open-tracker.ts';

let opened: OpenTracker;
beforeAll(async () => {
  opened = await openTracker(createMemoryStore);
});
afterAll(() => opened.remove());

it('lets no key be made that outlives its maker', async () => {
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const later = new Date(Date.now() + 7_200_000).toISOString();
  const input = (expiresAt: string | null) => ({
    params: { userId: 'me' },
    body: { name: 'child', scopes: ['read' as const], expiresAt },
  });
  const { body: maker } = await opened.door.call('createToken', input(soon));
  const door = await opened.as({ id: maker.id, scopes: ['write'], projectId: null });
  for (const expiresAt of [later, null]) {
    await expect(door.call('createToken', input(expiresAt))).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('outlive'),
    });
  }
  expect((await door.call('createToken', input(soon))).body.expiresAt).toBe(soon);
});

it('answers a key that was made once to nobody who could not make it now, the same person with less rights included', async () => {
  const input = { params: { userId: 'me' }, body: { name: 'powerful', scopes: ['admin' as const] } };
  const once = { idempotencyKey: 'the-same-key' };
  const admin = await opened.as({ id: 'dev-admin', scopes: ['read', 'write', 'admin'], projectId: null });
  const { body: made } = await admin.call('createToken', input, once);
  expect((await admin.call('createToken', input, once)).body.key).toBe(made.key);
  const less = await opened.as({ id: 'dev-admin', scopes: ['read', 'write'], projectId: null });
  await expect(less.call('createToken', input, once)).rejects.toMatchObject({ code: 'key_reused' });
});
