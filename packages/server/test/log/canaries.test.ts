import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import { parseApiKey } from '../../src/auth/api-key.ts';
import { compose } from '../../src/composition/compose.ts';
import { resolveOptions } from '../../src/config.ts';
import { createLogger } from '../../src/log/create-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

describe('secrets', () => {
  let server: TestServer;
  const canaries: string[] = [];
  const canary = (name: string) => {
    const made = `canary-${name}-${randomBytes(12).toString('hex')}`;
    canaries.push(made);
    return made;
  };
  beforeAll(async () => {
    server = await TestServer.start({ limits: { failedAuthPerMinute: 100_000 } });
  });
  afterAll(() => server.remove());

  it('sent in headers, bodies, queries and variables never show in the log, whatever comes of the request', async () => {
    const build = await server.newBuild();
    const key = await server.newKey(['write']);
    canaries.push(parseApiKey(key)?.secret ?? 'no secret');
    await server.send('/builds', { key });
    await server.send('/builds', { key: canary('x-api-key') });
    await server.send('/builds', { key: null, headers: { authorization: `Bearer ${canary('bearer')}` } });
    await server.send('/builds', { headers: { cookie: `session=${canary('cookie')}` } });
    await server.send(`/builds?api_key=${canary('query')}`);
    await server.send(`/nothing?token=${canary('query404')}`);
    await server.send('/%zz?token=x', { headers: { 'x-secret': canary('bad-url') } });
    await server.send('/builds', { headers: { 'x-request-id': `bldst_${'0'.repeat(16)}_${canary('id')}` } });
    const sensitive = { is_sensitive: true, variable_type: 'encrypted' };
    await server.send(`/builds/${build}/variables`, {
      body: { variable_key: 'password', variable_value: canary('variable'), ...sensitive },
    });
    await server.send(`/builds/${build}/variables`, {
      body: { variable_key: 'plain', variable_value: canary('plain-variable') },
    });
    await server.send(`/builds/${build}/variables/password`, {
      method: 'PATCH',
      body: { variable_value: canary('patched') },
    });
    await server.send(`/builds/${build}/variables/password`);
    await server.send(`/builds/${build}/resume-context`);
    await server.send(`/builds/${build}/variables`, {
      body: { variable_key: 'password', variable_valu: canary('misspelt') },
    });
    await server.send(`/builds/${build}/variables`, { raw: `{"variable_value":"${canary('broken')}"` });
    await server.send(`/builds/${build}/state`, { body: { state: 5, message: canary('message') } });
    await server.send(`/builds/${build}/failure`, { body: { error_message: canary('error') } });
    await server.send('/users/me/tokens', {
      key: devKeys.admin,
      body: { name: canary('name'), scopes: ['nobody'] },
    });
    await server.send(`/builds/${build}/uploads`, {
      body: { state_code: 5, filename: canary('file'), x: 1 },
    });

    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const password = canary('password');
    await server.send('/auth/token', { key: null, body: { username: 'user', password } });
    await server.send('/token', { key: null, raw: `username=user&password=${password}`, headers: form });
    await server.send('/token', {
      key: null,
      raw: `password=${canary('misspelt-form')}&user=x`,
      headers: form,
    });
    await server.send('/token', { key: null, raw: `a=${canary('twice')}&a=2`, headers: form });
    await server.send(`/token?password=${canary('token-query')}`, { key: null, body: { username: 'user' } });
    const issued = await server.send('/token', {
      key: null,
      body: { username: 'user', password: 'user123' },
    });
    canaries.push(issued.json().access_token);
    await server.send('/users/me', { key: issued.json().access_token });
    const answered = await server.send('/auth/token', { key: null, body: { username: 'user', password } });
    expect(answered.text).not.toContain(password);

    const log = server.lines.join('');
    expect(server.lines.length).toBeGreaterThan(20);
    for (const secret of canaries) expect(log).not.toContain(secret);
  });

  it('and answers show them only to who asked for them by key', async () => {
    const build = await server.newBuild();
    const secret = canary('answer');
    await server.send(`/builds/${build}/variables`, {
      body: { variable_key: 'password', variable_value: secret, is_sensitive: true },
    });
    for (const path of ['variables', 'variables/dict', 'events', '', 'states']) {
      expect((await server.send(`/builds/${build}/${path}`)).text, path).not.toContain(secret);
    }
    expect((await server.send(`/builds/${build}/variables/password`)).text).toContain(secret);
    const reader = await server.send(`/builds/${build}/variables/password`, { key: devKeys.read });
    expect(reader.text).not.toContain(secret);
  });

  it('in the messages of errors are taken out of every line', () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'trace', stream: { write: (line) => lines.push(line) } });
    const key = `bldst_0123456789abcdef_${'s'.repeat(43)}`;
    logger.error(
      { err: new Error(`no such key: ${key}`), headers: { authorization: key, 'x-api-key': 'hunter2' } },
      key,
    );
    logger.info({
      variable_value: 'hunter2',
      a: { password: 'hunter2' },
      req: { headers: { 'X-API-Key': 'hunter2' } },
    });
    const log = lines.join('');
    expect(lines).toHaveLength(2);
    expect(log).not.toContain('s'.repeat(43));
    expect(log).not.toContain('hunter2');
    expect(log).toContain('bldst_0123456789abcdef_[redacted]');
  });
});

describe('faults of the server', () => {
  it('are logged with their stack and answered without it', async () => {
    const folder = await temporaryFolder();
    const lines: string[] = [];
    const logger = createLogger({ stream: { write: (line) => lines.push(line) } });
    const options = resolveOptions({ store: 'memory:', dataDir: folder.path, dev: true, environment: {} });
    const composition = await compose(options, pino({ level: 'silent' }));
    const app = await createApp({
      ...composition.parts,
      logger,
      tracker: {
        ...composition.tracker,
        perform: () => Promise.reject(new TypeError('secret internals at /srv/database')),
      },
    });
    try {
      const answer = await app.inject({ url: '/builds', headers: { 'x-api-key': devKeys.read } });
      expect(answer.statusCode).toBe(500);
      expect(answer.json()).toEqual({
        type: '/problems/internal',
        title: 'Internal',
        status: 500,
        code: 'internal',
        detail: expect.stringContaining(String(answer.headers['x-request-id'])),
        request_id: answer.headers['x-request-id'],
      });
      expect(answer.body).not.toMatch(/internals|TypeError|\.ts/);
      const [line] = lines.filter((text) => text.includes('"level":"error"')).map((text) => JSON.parse(text));
      expect(line).toMatchObject({ request_id: answer.headers['x-request-id'], err: { type: 'TypeError' } });
      expect(line.err.stack).toContain('secret internals');
    } finally {
      await app.close();
      await composition.close();
      await folder.remove();
    }
  });
});
