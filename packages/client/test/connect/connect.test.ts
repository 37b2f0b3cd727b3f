import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigurationError, type LogFields } from '@buildstate/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { doorKind } from '../../src/connect/door-kind.ts';
import { type BuildStateClient, type ConnectOptions, connect } from '../../src/index.ts';
import { defaultStore, localPlace } from '../../src/local/local-place.ts';
import { faultServer, json, problem } from '../support/fault-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function open(url: string | undefined, options: ConnectOptions = {}): Promise<BuildStateClient> {
  const client = await connect(url, { env: {}, spoolFolder: join(temporaryFolder(), 'spool'), ...options });
  onTestFinished(() => client.close());
  return client;
}

describe('the address of a tracker', () => {
  it.each([
    ['http://h', 'http'],
    ['HTTPS://h/x', 'http'],
    ['sqlite:///x', 'local'],
    ['file:///x', 'local'],
    ['memory:', 'local'],
    ['/var/lib/x', 'local'],
    ['./x.db', 'local'],
    ['../x', 'local'],
    ['.', 'local'],
    ['~/x', 'local'],
    ['C:\\data', 'local'],
  ])('%s leads over %s', (address, kind) => {
    expect(doorKind(address)).toBe(kind);
  });

  it.each([
    ['htps://canary:pw@h', /"htps:".*Did you mean https or http\?.*Known are https:\/\//],
    ['sqllite:///x', /Did you mean sqlite\?/],
    ['redis://canary@h', /No tracker can be reached by "redis:"\. Known are/],
    ['constructor:x', /No tracker can be reached by "constructor:"/],
    ['localhost:8080', /needs a scheme: http:\/\/localhost:8080\./],
    ['build.example.com:8080/canary', /needs a scheme: http:\/\/build\.example\.com:8080\./],
    ['x.db', /no scheme and is no path/],
    ['', /no scheme/],
  ])('%s is refused with what is near and known, and without what is secret', (address, message) => {
    expect(() => doorKind(address)).toThrow(ConfigurationError);
    expect(() => doorKind(address)).toThrow(message);
    expect(() => doorKind(address)).not.toThrow(/canary|pw/);
  });
});

describe('a place on this machine', () => {
  const env = { HOME: '/home/ada' };
  it.each([
    ['/var/lib/builds', 'sqlite:///var/lib/builds', '/var/lib/builds'],
    ['/var/lib/all.db', 'sqlite:///var/lib/all.db', '/var/lib'],
    ['~/builds', 'sqlite:///home/ada/builds', '/home/ada/builds'],
    ['./x.sqlite3', `sqlite://${process.cwd()}/x.sqlite3`, process.cwd()],
    ['sqlite:x/y', `sqlite://${process.cwd()}/x/y`, join(process.cwd(), 'x/y')],
    ['sqlite:///srv/my%20builds/', 'sqlite:///srv/my%20builds', '/srv/my builds'],
    ['file:///srv/docs.db', 'file:///srv/docs.db', '/srv/docs.db'],
    ['memory:', 'memory:', undefined],
    ['sqlite::memory:', 'sqlite::memory:', undefined],
  ])('%s is understood', (text, uri, folder) => {
    expect(localPlace(text, env)).toEqual({ uri, ...(folder !== undefined && { folder }) });
  });

  it('must be on this machine', () => {
    expect(() => localPlace('sqlite://other-host/x', env)).toThrow(ConfigurationError);
  });

  it('is in the user’s data folder when nobody names one', () => {
    expect(defaultStore({ env })).toBe('sqlite:///home/ada/.local/share/buildstate/store');
    expect(defaultStore({ env: { XDG_DATA_HOME: '/data' } })).toBe('sqlite:///data/buildstate/store');
    expect(defaultStore({ env, dataFolder: '/srv/bldst' })).toBe('sqlite:///srv/bldst/store');
  });
});

describe('connecting to a store', () => {
  it.each(['store', 'store/all.db'])(
    'makes %s with a key ring of its own, for its owner alone',
    async (name) => {
      const folder = temporaryFolder();
      const client = await open(join(folder, name));
      const { id } = await client.builds.create({ project: 'p' });
      const variable = { variableKey: 'password', variableValue: 'canary-1f2e', isSensitive: true };
      await client.variables.set(id, variable);
      const ring = join(folder, 'store', 'keyring.json');
      expect(statSync(ring).mode & 0o777).toBe(0o600);
      await client.close();
      const again = await open(join(folder, name));
      expect((await again.variables.get(id, 'password')).variableValue).toBe('canary-1f2e');
      expect(await again.health()).toMatchObject({ status: 'ok' });
      expect(await again.whoami()).toMatchObject({ id: again.reporter, scopes: ['read', 'write', 'admin'] });
      expect([again.mode, (await again.builds.get(id)).artifactBase]).toEqual([
        'local',
        `file://${folder}/store/artifacts`,
      ]);
    },
  );

  it('uses the key ring and the artifact base that it is told', async () => {
    const folder = temporaryFolder();
    const secret = 'f'.repeat(16) + '0123456789abcdef'.repeat(3);
    const client = await open(join(folder, 'store'), {
      env: { ARTIFACT_SIGNING_KEY: secret },
      artifactBase: 's3://bucket/prefix',
    });
    const { artifactBase } = await client.builds.create({ project: 'p' });
    expect(artifactBase).toBe('s3://bucket/prefix');
    expect(existsSync(join(folder, 'store', 'keyring.json'))).toBe(false);
    expect(inspect(client, { depth: 12 })).not.toContain(secret);
  });

  it('refuses a placeholder for a key', async () => {
    const opened = open(join(temporaryFolder(), 'store'), { env: { ARTIFACT_SIGNING_KEY: 'changeme' } });
    await expect(opened).rejects.toThrow(ConfigurationError);
  });

  it('can be used by several clients at once, and by nobody after it was closed', async () => {
    const folder = join(temporaryFolder(), 'store');
    const [a, b] = [await open(folder), await open(folder)];
    const { id } = await a.builds.create({ project: 'p' });
    expect((await b.builds.get(id)).id).toBe(id);
    await a.close();
    await expect(a.builds.get(id)).rejects.toThrow();
    expect((await b.builds.get(id)).id).toBe(id);
  });
});

describe('connecting without an address', () => {
  it('goes where the environment says', async () => {
    const server = await faultServer((_request, response) =>
      json(response, 200, { status: 'ok', timestamp: 'now' }),
    );
    for (const env of [
      { BLDST_TRACKER: server.url },
      { BLDST_API_URL: server.url },
      { BLDST_TRACKER: server.url, BLDST_API_URL: 'http://127.0.0.1:1' },
    ]) {
      const client = await open(undefined, { env: { ...env, BLDST_API_KEY: 'env-key' } });
      expect(await client.health()).toEqual({ status: 'ok', timestamp: 'now' });
      expect(client.uri).toBe(server.url);
    }
    expect(server.requests.map(({ headers }) => headers['x-api-key'])).toEqual([
      'env-key',
      'env-key',
      'env-key',
    ]);
  });

  it('goes to the store in the user’s data folder when the environment says nothing', async () => {
    const home = temporaryFolder();
    const client = await open(undefined, { env: { HOME: home } });
    await client.builds.create({ project: 'first' });
    expect(client.uri).toBe(`sqlite://${home}/.local/share/buildstate/store`);
    expect(existsSync(join(home, '.local/share/buildstate/store'))).toBe(true);
  });
});

describe('the API key', () => {
  it('given to connect wins over the environment’s, and null sends none', async () => {
    const server = await faultServer((_request, response) => json(response, 200, []));
    const env = { BLDST_API_KEY: 'env-key' };
    await (await open(server.url, { env, apiKey: 'own-key' })).builds.list().all();
    await (await open(server.url, { env, apiKey: null })).builds.list().all();
    expect(server.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['own-key', undefined]);
  });

  it('that no header can hold is refused without being shown', async () => {
    for (const apiKey of ['canary\nnewline', 'canary key', 'canáry', '']) {
      const error = await connect('http://127.0.0.1:1', { apiKey, env: {} }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(inspect(error)).not.toMatch(/can[aá]ry/);
    }
  });

  it('and the URL’s password are shown by nothing that the client shows', async () => {
    const server = await faultServer((_request, response) =>
      problem(response, 401, 'unauthenticated', 'No.'),
    );
    const lines: LogFields[] = [];
    const log = (fields: LogFields, message: string) => void lines.push({ ...fields, message });
    const logger = { debug: log, info: log, warn: log, error: log };
    const url = server.url.replace('//', '//user:canary-password@');
    const client = await open(url, { apiKey: 'canary-key', logger, env: { BLDST_API_KEY: 'canary-env' } });
    const error = await client.whoami().catch((reason: unknown) => reason);
    const seen = [
      client.uri,
      inspect(client, { depth: 12, showHidden: true }),
      inspect(error, { depth: 12 }),
      JSON.stringify(lines),
    ];
    expect(seen.join('\n')).not.toMatch(/canary|dXNlcjpjYW5h/);
    expect(client.uri).toBe(server.url);
  });
});

describe('a transport of one’s own', () => {
  it('is sent every request, and closed with the client', async () => {
    const sent: string[] = [];
    let closed = 0;
    const client = await open('https://tracker.example.com/base', {
      apiKey: 'k',
      transport: {
        async send({ method, url, headers, body }) {
          sent.push(`${method} ${url} ${headers['x-api-key']} ${String(body)}`);
          const bytes = Buffer.from('[]');
          return {
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: (async function* () {
              yield bytes;
            })(),
          };
        },
        async close() {
          closed += 1;
        },
      },
    });
    expect(await client.builds.list({ status: 'failed', stateMin: 10, limit: 5 }).all()).toEqual([]);
    await client.close();
    expect(sent).toEqual([
      'GET https://tracker.example.com/base/builds?status=failed&state_min=10&limit=5 k undefined',
    ]);
    expect(closed).toBeGreaterThan(0);
  });
});

it('reads the environment of the process in its configuration alone', () => {
  // Guards the promise that callers decide what the client sees of it.
  const folder = new URL('../../src/', import.meta.url);
  const readers = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) => /process\.env\b/.test(readFileSync(new URL(name, folder), 'utf8')));
  expect(readers).toEqual(['config.ts']);
});
