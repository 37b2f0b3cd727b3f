import type { ApiToken, StateStore } from '@buildstate/core';
import { silentLogger } from '@buildstate/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKey } from '../../src/auth/api-key.ts';
import { Authenticator } from '../../src/auth/authenticator.ts';
import { LastUse } from '../../src/auth/last-use.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

describe('API keys', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.remove());

  it('are taken from X-API-Key and from Authorization: Bearer', async () => {
    const key = await server.newKey(['read']);
    const id = parseApiKey(key)?.id;
    const ways: Record<string, string>[] = [
      { 'x-api-key': key },
      { authorization: `Bearer ${key}` },
      { authorization: `bearer  ${key}` },
    ];
    for (const headers of ways) {
      const answer = await server.send('/users/me', { key: null, headers });
      expect(answer.status).toBe(200);
      expect(answer.json()).toEqual({ id, scopes: ['read'], project_id: null });
    }
    for (const authorization of [`Basic ${key}`, key, 'Bearer', 'Bearer ']) {
      expect((await server.send('/users/me', { key: null, headers: { authorization } })).status).toBe(401);
    }
  });

  it('are refused at once after their revocation on the same server', async () => {
    const key = await server.newKey(['write']);
    expect((await server.send('/builds', { key })).status).toBe(200);
    const id = parseApiKey(key)?.id;
    const revoked = await server.send(`/users/me/tokens/${id}`, { method: 'DELETE', key: devKeys.admin });
    expect(revoked.status).toBe(204);
    expect(revoked.text).toBe('');
    const answer = await server.send('/builds', { key });
    expect(answer.status).toBe(401);
    expect(answer.json().detail).toMatch(/revoked/);
  });

  it('are refused when they have expired', async () => {
    const expires = new Date(Date.now() + 2000);
    const key = await server.newKey(['read'], { expires_at: expires.toISOString() });
    expect((await server.send('/builds', { key })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, expires.getTime() - Date.now() + 5));
    const answer = await server.send('/builds', { key });
    expect(answer.status).toBe(401);
    expect(answer.json().detail).toMatch(/expired/);
  });

  it('tell that they were revoked only to who has the secret', async () => {
    const key = await server.newKey(['read']);
    const id = parseApiKey(key)?.id;
    await server.send(`/users/me/tokens/${id}`, { method: 'DELETE', key: devKeys.admin });
    const guess = `bldst_${id}_${'A'.repeat(43)}`;
    expect((await server.send('/builds', { key: guess })).json().detail).toMatch(/is not known/);
  });

  it('are shown once, listed without their secret, with when they were last used', async () => {
    const key = await server.newKey(['read']);
    const id = parseApiKey(key)?.id;
    await server.send('/builds', { key });
    const listed = await server.send('/users/me/tokens', { key: devKeys.admin });
    expect(listed.text).not.toContain(parseApiKey(key)?.secret);
    const own = listed.json().find((token: { id: string }) => token.id === id);
    expect(Date.parse(own.last_used_at)).toBeGreaterThan(Date.now() - 60_000);
    expect(Object.keys(own)).not.toContain('hash');
  });

  it('bound to a project see nothing of others', async () => {
    const id = await server.newBuild({ project: 'theirs' });
    await server.newBuild({ project: 'ours' });
    const project = (await server.send('/projects/ours')).json().id;
    const key = await server.newKey(['write'], { project_id: project });
    expect((await server.send(`/builds/${id}`, { key })).status).toBe(404);
    expect((await server.send(`/builds/${id}/state`, { key, body: { state: 5 } })).status).toBe(404);
    const upload = { state_code: 5, filename: 'x' };
    expect((await server.send(`/builds/${id}/uploads`, { key, body: upload })).status).toBe(404);
  });
});

describe('the authenticator', () => {
  const stored: ApiToken = {
    id: '0123456789abcdef',
    name: 'k',
    hash: '',
    scopes: ['read'],
    projectId: null,
    createdBy: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: null,
    lastUsedAt: null,
    revokedAt: null,
  };
  const secret = 's'.repeat(43);
  const key = `bldst_${stored.id}_${secret}`;

  async function make(load: (id: string) => Promise<ApiToken | undefined>) {
    const time = { now: Date.parse('2026-03-01T00:00:00Z'), monotonic: 0 };
    const touched: string[] = [];
    const store: Pick<StateStore, 'loadToken' | 'touchToken'> = {
      loadToken: load,
      async touchToken(id, at) {
        touched.push(`${id} ${at}`);
      },
    };
    const clock = { now: () => time.now, monotonic: () => time.monotonic, sleep: async () => {} };
    const lastUse = new LastUse(store, silentLogger);
    return { auth: new Authenticator({ store, clock, lastUse }), time, touched, lastUse };
  }

  async function withHash(): Promise<ApiToken> {
    const { hashSecret } = await import('../../src/auth/api-key.ts');
    return { ...stored, hash: hashSecret(secret) };
  }

  it('believes a key for less than a second without asking again', async () => {
    let token = await withHash();
    let asked = 0;
    const { auth, time } = await make(async () => {
      asked += 1;
      return token;
    });
    expect(await auth.check(key)).toMatchObject({ id: stored.id });
    token = { ...token, revokedAt: '2026-03-01T00:00:00.000Z' };
    time.monotonic = 999;
    expect(await auth.check(key)).toMatchObject({ id: stored.id });
    expect(asked).toBe(1);
    time.monotonic = 1000;
    expect(await auth.check(key)).toBe('has been revoked');
  });

  it('refuses other secrets of a key whose right one it remembers', async () => {
    const { auth } = await make(withHash);
    for (let turn = 0; turn < 2; turn++) {
      expect(await auth.check(key)).toMatchObject({ id: stored.id });
      for (const wrong of ['t'.repeat(43), `${'s'.repeat(42)}t`])
        expect(await auth.check(`bldst_${stored.id}_${wrong}`)).toBe('is not known');
    }
  });

  it('sees expiry without asking the store', async () => {
    const token = { ...(await withHash()), expiresAt: '2026-03-01T00:00:01.000Z' };
    const { auth, time } = await make(async () => token);
    expect(await auth.check(key)).toMatchObject({ id: stored.id });
    time.now += 1000;
    expect(await auth.check(key)).toBe('has expired');
  });

  it('asks the store for unknown keys every time, so that a new one is good at once', async () => {
    let token: ApiToken | undefined;
    const { auth } = await make(async () => token);
    expect(await auth.check(key)).toBe('is not known');
    token = await withHash();
    expect(await auth.check(key)).toMatchObject({ id: stored.id });
  });

  it('lets nobody in while the store does not answer', async () => {
    const { auth } = await make(async () => {
      throw new Error('connection lost');
    });
    await expect(auth.check(key)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('refuses development keys unless it was told that they are good', async () => {
    const { auth } = await make(async () => undefined);
    for (const known of Object.values(devKeys)) expect(await auth.check(known)).toMatch(/not in the form/);
  });

  it('notes the use of a key once a minute, and lives with a store that cannot', async () => {
    const token = await withHash();
    const { auth, time, touched, lastUse } = await make(async () => token);
    for (let second = 0; second < 130; second++) {
      await auth.check(key);
      time.now += 1000;
    }
    await lastUse.settled();
    expect(touched).toEqual([
      `${stored.id} 2026-03-01T00:00:00.000Z`,
      `${stored.id} 2026-03-01T00:01:00.000Z`,
      `${stored.id} 2026-03-01T00:02:00.000Z`,
    ]);
    const broken = new LastUse({ touchToken: () => Promise.reject(new Error('read-only')) }, silentLogger);
    broken.note(token, time.now);
    await expect(broken.settled()).resolves.toBeUndefined();
  });
});
