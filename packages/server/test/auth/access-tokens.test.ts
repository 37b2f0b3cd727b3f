import { createHmac, generateKeyPairSync, hash, sign } from 'node:crypto';
import { createIds, loadKeyRing } from '@buildstate/node-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessTokens, tokenSeconds } from '../../src/auth/access-tokens.ts';
import { developmentUsers } from '../../src/auth/development-users.ts';
import { nobody } from '../../src/auth/users.ts';
import { TestServer } from '../support/test-server.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());

describe('logging in', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ limits: { failedAuthPerMinute: 100_000 } });
  });
  afterAll(() => server.remove());

  const logIn = async (raw: string, headers: Record<string, string> = form, path = '/auth/token') =>
    server.send(path, { key: null, raw, headers });
  const callerOf = async (token: string) => {
    const answer = await server.send('/users/me', {
      key: null,
      headers: { authorization: `Bearer ${token}` },
    });
    return answer.status === 200 ? answer.json() : answer.json().detail;
  };

  it.each([
    ['readonly', 'readonly123', ['read']],
    ['user', 'user123', ['read', 'write']],
    ['admin', 'admin123', ['read', 'write', 'admin']],
  ])('gives %s a token with the scopes of its own', async (username, password, scopes) => {
    const ways = [
      await logIn(`username=${username}&password=${password}`),
      await logIn(`grant_type=password&username=${username}&password=${password}&scope=&client_id=x`),
      await logIn(`username=${username}&password=${password}`, form, '/token/'),
      await logIn(JSON.stringify({ username, password }), { 'content-type': 'application/json' }, '/token'),
    ];
    for (const answer of ways) {
      expect(answer.status, answer.text).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const { access_token: token, ...rest } = answer.json();
      expect(rest).toEqual({ token_type: 'bearer', expires_in: 3600 });
      expect(await callerOf(token)).toMatchObject({ scopes, project_id: null });
    }
  });

  it('gives fewer scopes when fewer are asked for, and never more', async () => {
    const narrow = await logIn('username=admin&password=admin123&scope=read+write');
    const caller = await callerOf(narrow.json().access_token);
    expect(caller.scopes).toEqual(['read', 'write']);
    for (const scope of ['write', 'read admin', 'openid']) {
      const answer = await logIn(`username=readonly&password=readonly123&scope=${encodeURIComponent(scope)}`);
      expect(answer.status).toBe(422);
      expect(answer.json().errors[0].path).toBe('scope');
    }
  });

  it('refuses wrong passwords and unknown users alike, and says nothing of which', async () => {
    const answers = [
      await logIn('username=user&password=admin123'),
      await logIn('username=nobody&password=user123'),
      await logIn('username=user+user123&password=x'),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.json().detail).toBe('User name or password is wrong.');
    }
  });

  it('names what is missing, unknown or twice in a request', async () => {
    const fieldsOf = async (raw: string) =>
      (await logIn(raw)).json().errors?.map(({ path }: { path: string }) => path);
    expect(await fieldsOf('username=user')).toEqual(['password']);
    expect(await fieldsOf('')).toEqual(['username', 'password']);
    expect(await fieldsOf('username=user&pasword=x')).toEqual(['password', 'pasword']);
    expect(await fieldsOf('username=user&password=user123&grant_type=implicit')).toEqual(['grant_type']);
    expect((await logIn('username=user&username=admin&password=x')).status).toBe(400);
    expect((await logIn('username=user', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await logIn(`username=user&password=${'x'.repeat(9000)}`)).status).toBe(413);
    const other = await server.send('/builds', { raw: 'project=x', headers: form });
    expect(other.status).toBe(415);
  });

  it('takes a token only whole and unchanged', async () => {
    const { access_token: token } = (await logIn('username=user&password=user123')).json();
    const [header, payload, signature] = token.split('.');
    const admin = encoded({ ...decoded(payload), sub: 'dev-admin', scope: 'admin' });
    for (const bad of [
      `${header}.${admin}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, -2)}`,
      `${header}.${payload}`,
    ]) {
      expect(await callerOf(bad)).toMatch(/^The (access token|API key) is not/);
    }
  });

  it('counts failed attempts toward the limit of the address', async () => {
    const limited = await TestServer.start({ limits: { failedAuthPerMinute: 3 } });
    try {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 4; attempt++) {
        const body = { username: 'admin', password: `guess ${attempt}` };
        statuses.push((await limited.send('/token', { key: null, body })).status);
      }
      expect(statuses).toEqual([401, 401, 401, 429]);
      expect((await limited.send('/builds', { key: 'wrong' })).status).toBe(429);
      const right = { username: 'admin', password: 'admin123' };
      expect((await limited.send('/token', { key: null, body: right })).status).toBe(200);
    } finally {
      await limited.remove();
    }
  });

  it('is for nobody on a server without users, and says so', async () => {
    const plain = await TestServer.start({ dev: false });
    try {
      const body = { username: 'admin', password: 'admin123' };
      const answer = await plain.send('/auth/token', { key: null, body });
      expect(answer.status).toBe(401);
      expect(answer.json().detail).toMatch(/no users that could log in .* API key/);
      const { access_token: token } = (await server.send('/token', { key: null, body })).json();
      expect((await plain.send('/builds', { key: token })).status).toBe(401);
    } finally {
      await plain.remove();
    }
  });
});

describe('access tokens', () => {
  const secretOf = (seed: number) => hash('sha256', String(seed), 'base64url');
  const key = (id: string, seed: number) => ({
    id,
    secret: secretOf(seed),
    created_at: '2026-01-01T00:00:00Z',
  });
  const ringOf = async (...keys: ReturnType<typeof key>[]) =>
    loadKeyRing({ inline: JSON.stringify({ version: 1, keys }) });
  const time = { now: Date.parse('2026-03-01T00:00:00Z') };
  const clock = { now: () => time.now, monotonic: () => 0, sleep: async () => {} };
  const writer = { id: 'dev-write', scopes: ['read', 'write'], projectId: null } as const;

  async function make(...keys: ReturnType<typeof key>[]) {
    const ring = await ringOf(...keys);
    const tokens = new AccessTokens({ keys: ring, clock, ids: createIds(), users: developmentUsers });
    return { ring, tokens };
  }

  /** A token that is signed as a server would, with some of it changed. */
  async function forged(
    { ring }: Awaited<ReturnType<typeof make>>,
    changes: {
      readonly header?: object;
      readonly claims?: object;
      readonly signer?: (text: string) => string;
    },
  ): Promise<string> {
    const derived = ring.derive('access tokens 1');
    if (derived === undefined) throw new Error('no key');
    const now = time.now / 1000;
    const header = { alg: 'HS256', typ: 'at+jwt', kid: derived.keyId, ...changes.header };
    const claims = {
      scope: 'read write',
      iss: 'buildstate',
      aud: 'buildstate',
      sub: 'dev-write',
      jti: 'x',
      iat: now,
      exp: now + 60,
      ...changes.claims,
    };
    const text = `${encoded(header)}.${encoded(claims)}`;
    const hs256 = (input: string) => createHmac('sha256', derived.bytes).update(input).digest('base64url');
    return `${text}.${(changes.signer ?? hs256)(text)}`;
  }

  it('are good until they expire, to the second', async () => {
    const { tokens } = await make(key('a', 1));
    const { token, expiresIn } = await tokens.make(writer, ['read']);
    expect(expiresIn).toBe(tokenSeconds);
    expect(await tokens.check(token)).toEqual({ ...writer, scopes: ['read'] });
    time.now += (tokenSeconds - 1) * 1000;
    expect(await tokens.check(token)).toMatchObject({ id: 'dev-write' });
    time.now += 1000;
    expect(await tokens.check(token)).toBe('has expired');
  });

  it('are good on every server with the ring, also after a new key was added, and nowhere else', async () => {
    const { tokens } = await make(key('a', 1));
    const { token } = await tokens.make(writer, ['read']);
    const rotated = await make(key('a', 1), key('b', 2));
    expect(await rotated.tokens.check(token)).toMatchObject({ id: 'dev-write' });
    const other = await make(key('a', 3));
    expect(await other.tokens.check(token)).toBe('is not one that this server made');
    const gone = await make(key('b', 2));
    expect(await gone.tokens.check(token)).toBe('is not one that this server made');
  });

  it('stand for nobody when their user is gone', async () => {
    const { ring, tokens } = await make(key('a', 1));
    const { token } = await tokens.make(writer, ['read']);
    const without = new AccessTokens({ keys: ring, clock, ids: createIds(), users: nobody });
    expect(await without.check(token)).toBe('belongs to nobody here');
  });

  it('never give more than their user has now', async () => {
    const server = await make(key('a', 1));
    const token = await forged(server, { claims: { sub: 'dev-readonly', scope: 'read write admin' } });
    expect(await server.tokens.check(token)).toMatchObject({ id: 'dev-readonly', scopes: ['read'] });
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rs256 = (text: string) => sign('sha256', Buffer.from(text), rsa.privateKey).toString('base64url');
  const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
  const byPublicKey = (text: string) => createHmac('sha256', publicPem).update(text).digest('base64url');

  it.each<[string, Parameters<typeof forged>[1]]>([
    ['no algorithm', { header: { alg: 'none' }, signer: () => '' }],
    ['no algorithm in capitals', { header: { alg: 'NONE' }, signer: () => '' }],
    ['an algorithm of public keys', { header: { alg: 'RS256' }, signer: rs256 }],
    ['an algorithm of public keys with our signature', { header: { alg: 'RS256' } }],
    ['a signature made with a public key', { signer: byPublicKey }],
    ['another hash', { header: { alg: 'HS512' } }],
    ['a key that it brings along', { header: { kid: undefined, jwk: { kty: 'oct', k: secretOf(9) } } }],
    ['an unknown key', { header: { kid: 'nobody' } }],
    ['no key', { header: { kid: undefined } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['a critical extension', { header: { crit: ['x'], x: 1 } }],
    ['another audience', { claims: { aud: 'elsewhere' } }],
    ['no audience', { claims: { aud: undefined } }],
    ['another issuer', { claims: { iss: 'elsewhere' } }],
    ['no end', { claims: { exp: undefined } }],
    ['a beginning that is to come', { claims: { nbf: Date.parse('2026-04-01T00:00:00Z') / 1000 } }],
    ['no user', { claims: { sub: undefined } }],
    ['no scopes', { claims: { scope: undefined } }],
  ])('with %s are refused', async (_, changes) => {
    time.now = Date.parse('2026-03-01T00:00:00Z');
    const server = await make(key('a', 1));
    expect(await server.tokens.check(await forged(server, {}))).toMatchObject({ id: 'dev-write' });
    const token = await forged(server, changes);
    expect(await server.tokens.check(token)).toBe('is not one that this server made');
  });

  it('are no signatures of anything else that the ring signs', async () => {
    const server = await make(key('a', 1));
    const signer = (text: string) =>
      Buffer.from(server.ring.sign(Buffer.from(text)).signature).toString('base64url');
    expect(await server.tokens.check(await forged(server, { signer }))).toBe(
      'is not one that this server made',
    );
  });
});
