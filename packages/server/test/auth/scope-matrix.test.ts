import { covers, type Scope, scopes } from '@buildstate/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filledPath, keyedRoutes } from '../support/all-routes.ts';
import { TestServer } from '../support/test-server.ts';

const callers = ['nobody', 'empty', ...scopes] as const;

describe('the scope matrix of every route', () => {
  let server: TestServer;
  const keys = new Map<string, string | null>();

  beforeAll(async () => {
    server = await TestServer.start({ limits: { failedAuthPerMinute: 100_000 } });
    keys.set('nobody', null);
    keys.set('empty', await server.newKey([]));
    for (const scope of scopes) keys.set(scope, await server.newKey([scope]));
  });
  afterAll(() => server.remove());

  const cases = keyedRoutes.flatMap((route) => callers.map((caller) => ({ ...route, caller })));

  it('has a scope on every route', () => {
    for (const { name, scope } of keyedRoutes) expect(scope, name).toBeOneOf([...scopes]);
  });

  it.each(cases)('$method $path with $caller', async ({ method, path, scope, caller }) => {
    const answer = await server.send(filledPath(path), {
      method,
      key: keys.get(caller) ?? null,
      ...(method !== 'GET' && method !== 'DELETE' && { body: {} }),
    });
    const allowed = caller !== 'nobody' && caller !== 'empty' && covers([caller], scope ?? 'read');
    if (caller === 'nobody') {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(answer.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
    } else if (!allowed) {
      expect(answer.status).toBe(403);
      expect(answer.json()).toMatchObject({ code: 'forbidden', context: { scope } });
      expect(answer.json().detail).toContain(`"${scope as Scope}"`);
    } else {
      expect([401, 403]).not.toContain(answer.status);
      expect(answer.status).toBeLessThan(500);
    }
  });

  it.each([
    ['a key of another form', 'hunter2'],
    ['an unknown key', `bldst_0123456789abcdef_${'A'.repeat(43)}`],
    ['an empty key', ''],
  ])('refuses %s on every route', async (_, key) => {
    for (const { method, path } of keyedRoutes) {
      const answer = await server.send(filledPath(path), { method, key });
      expect(answer.status, `${method} ${path}`).toBe(401);
    }
  });

  it('answers HEAD like GET, with the same scope', async () => {
    for (const { method, path } of keyedRoutes.filter((route) => route.method === 'GET')) {
      expect((await server.send(filledPath(path), { method: 'HEAD', key: null })).status).toBe(401);
      const both = await Promise.all(
        ['HEAD', method].map((one) =>
          server.send(filledPath(path), { method: one, key: keys.get('admin') ?? null }),
        ),
      );
      expect(both[0]?.status).toBe(both[1]?.status);
      expect(both[0]?.text).toBe('');
    }
  });

  it('leaves health, status and documents open', async () => {
    for (const path of [
      '/health',
      '/health/liveness',
      '/ready',
      '/health/readiness',
      '/status',
      '/openapi.json',
      '/docs',
    ]) {
      expect((await server.send(path, { key: null })).status, path).toBe(200);
      expect((await server.send(path, { key: 'wrong' })).status, path).toBe(200);
    }
  });
});
