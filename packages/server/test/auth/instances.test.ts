import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createLogger } from '@buildstate/server';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import { parseApiKey } from '../../src/auth/api-key.ts';
import { Authenticator } from '../../src/auth/authenticator.ts';
import { compose } from '../../src/composition/compose.ts';
import { resolveOptions } from '../../src/config.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('keys over several instances of the server', () => {
  it('are refused by all of them within a second of their revocation by one', async () => {
    const folder = await temporaryFolder();
    closing.push(folder.remove);
    const store = `sqlite://${join(folder.path, 'shared.db')}`;
    const environment = { ARTIFACT_SIGNING_KEY: randomBytes(32).toString('hex') };
    const start = () => TestServer.start({ store, environment });
    const [one, two] = await Promise.all([start(), start()]);
    closing.push(
      () => one.remove(),
      () => two.remove(),
    );
    const key = await one.newKey(['read']);
    expect((await two.send('/builds', { key })).status).toBe(200);
    const id = parseApiKey(key)?.id;
    await one.send(`/users/me/tokens/${id}`, { method: 'DELETE', key: devKeys.admin });
    expect((await one.send('/builds', { key })).status).toBe(401);
    await wait(1000);
    expect((await two.send('/builds', { key })).status).toBe(401);
  });
});

describe('a store of keys that does not answer', () => {
  it('lets nobody in, and says when to come again', async () => {
    const folder = await temporaryFolder();
    closing.push(folder.remove);
    const lines: string[] = [];
    const logger = createLogger({ stream: { write: (line) => lines.push(line) } });
    const options = resolveOptions({ store: 'memory:', dataDir: folder.path, environment: {} });
    const composition = await compose(options, logger);
    closing.push(() => composition.close());
    const broken = { loadToken: () => Promise.reject(new Error('disk I/O error')) };
    const { clock } = composition.parts;
    const auth = new Authenticator({ store: broken, clock, lastUse: { note() {} } });
    const app = await createApp({ ...composition.parts, auth });
    closing.push(() => app.close());
    const headers = { 'x-api-key': `bldst_0123456789abcdef_${'A'.repeat(43)}` };
    const answer = await app.inject({ url: '/builds', headers });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'unavailable', status: 503 });
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body).not.toContain('disk I/O');
    expect(lines.join('')).toContain('disk I/O error');
    const metrics = await composition.parts.metrics.registry.metrics();
    expect(metrics).toContain('buildstate_store_errors_total{code="unavailable"} 1');
  });
});

describe('new keys', () => {
  it('are never wider than their makers', async () => {
    const server = await TestServer.start();
    closing.push(() => server.remove());
    await server.newBuild({ project: 'ours' });
    const ours = (await server.send('/projects/ours')).json().id;
    const mint = async (key: string, scopes: string[], project_id?: string) =>
      (await server.send('/users/me/tokens', { key, body: { name: 'child', scopes, project_id } })).status;
    const order = ['read', 'write', 'admin'];
    for (const [own, scope] of order.entries()) {
      const key = await server.newKey([scope]);
      const bound = await server.newKey([scope], { project_id: ours });
      for (const [wanted, child] of order.entries()) {
        // Making keys is itself a write.
        const expected = own >= 1 && wanted <= own ? 201 : 403;
        expect(await mint(key, [child]), `${scope} makes ${child}`).toBe(expected);
        expect(await mint(bound, [child]), `bound ${scope} makes unbound ${child}`).toBe(403);
        expect(await mint(bound, [child], ours), `bound ${scope} makes bound ${child}`).toBe(expected);
      }
    }
  });

  it('are not JSON web tokens: none of any algorithm is taken', async () => {
    const server = await TestServer.start();
    closing.push(() => server.remove());
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const alg of ['none', 'HS256', 'RS256', 'None', '']) {
      const token = `${part({ alg, typ: 'JWT' })}.${part({ sub: 'admin', scopes: ['admin'] })}.`;
      const headers = { authorization: `Bearer ${token}` };
      expect((await server.send('/builds', { key: null, headers })).status).toBe(401);
    }
  });
});
