import { startServer } from '@buildstate/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestServer } from '../support/test-server.ts';

describe('a server that warns of unknown fields', () => {
  let server: TestServer;
  let build: string;
  beforeAll(async () => {
    server = await TestServer.start({ unknownFields: 'warn' });
  });
  beforeEach(async () => {
    build = await server.newBuild();
  });
  afterAll(() => server.remove());

  const ignoredIn = (headers: Headers) => headers.get('ignored-fields');

  it('does what was asked for and names what it ignored', async () => {
    const body = { project: 'images', build_number: '77', colour: 'red' };
    const answer = await server.send('/builds', { body });
    expect(answer.status).toBe(201);
    expect(answer.json()).toMatchObject({
      build_number: '77',
      warnings: ['"colour" is not a known field and was ignored.'],
    });
    expect(answer.json()).not.toHaveProperty('colour');
    expect(ignoredIn(answer.headers)).toBe('colour');
  });

  it('adds to the warnings that an answer has anyhow', async () => {
    const body = {
      state: 5,
      artifact_storage_type: 's3',
      artifact_storage_path: 's3://bucket/x.img',
      artifact_checksum: `md5:${'0'.repeat(32)}`,
      speed: 9,
    };
    const { text, json } = await server.send(`/builds/${build}/state`, { body });
    const { warnings } = json();
    expect(warnings, text).toHaveLength(2);
    expect(warnings.at(-1)).toMatch(/"speed"/);
  });

  it('says nothing where everything is known', async () => {
    const answer = await server.send(`/builds/${build}`);
    expect(answer.json()).not.toHaveProperty('warnings');
    expect(ignoredIn(answer.headers)).toBeNull();
  });

  it('names them in a header where the answer is a list, empty, or made of names of the caller', async () => {
    const list = await server.send('/builds?colour=red&limit=1');
    expect([list.status, ignoredIn(list.headers)]).toEqual([200, 'colour']);
    expect(list.json()).toBeInstanceOf(Array);
    const path = `/builds/${build}/variables`;
    await server.send(path, { body: { variable_key: 'zone', variable_value: 'north' } });
    const dict = await server.send(`${path}/dict?größe=1`);
    expect(dict.json()).toEqual({ zone: 'north' });
    expect(ignoredIn(dict.headers)).toBe(encodeURIComponent('größe'));
    const gone = await server.send(`${path}/zone?why=not`, { method: 'DELETE' });
    expect([gone.status, ignoredIn(gone.headers)]).toEqual([204, 'why']);
  });

  it.each([
    ['half of a surrogate pair', '\\ud800'],
    ['a pair where long names are cut', `${'a'.repeat(99)}\u{1f600}`],
  ])('answers what it did, also for a name with %s', async (_, name) => {
    const answer = await server.send('/builds', { raw: `{"project": "images", "${name}": 1}` });
    expect(answer.status).toBe(201);
    expect(decodeURIComponent(ignoredIn(answer.headers) ?? '')).toContain('\ufffd');
  });

  it('names no more in the header than clients take', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `${'\u65e5'.repeat(90)}${index}`);
    const body = { project: 'images', ...Object.fromEntries(names.map((name) => [name, 1])) };
    const answer = await server.send('/builds', { body });
    expect(answer.status).toBe(201);
    expect(decodeURIComponent(ignoredIn(answer.headers) ?? '').split(', ')).toEqual(names.slice(0, 2));
  });

  it('looks into lists of things, and into the reports of a batch', async () => {
    const { id } = (await server.send('/projects', { body: { name: 'nested' } })).json();
    const body = { failure_patterns: [{ pattern: 'disk', category: 'persistent', weight: 3 }] };
    const changed = await server.send(`/projects/${id}`, { method: 'PUT', body });
    expect(changed.json().warnings).toEqual([
      '"failure_patterns.0.weight" is not a known field and was ignored.',
    ]);
    const reports = [{ state: 5, speed: 9 }, { state: 10 }];
    const { results } = (await server.send(`/builds/${build}/states/batch`, { body: reports })).json();
    expect(results[0].answer.warnings).toEqual(['"speed" is not a known field and was ignored.']);
    expect(results[1].answer.warnings).toEqual([]);
  });

  it("refuses what is wrong all the same, and keeps what is the user's own", async () => {
    const wrong = await server.send(`/builds/${build}/state`, { body: { state: 500, speed: 9 } });
    expect(wrong.status).toBe(422);
    expect(wrong.json().errors.map(({ path }: { path: string }) => path)).toEqual(['state']);
    const metadata = { anything: { at: 'all' } };
    const kept = await server.send(`/builds/${build}`, { method: 'PATCH', body: { metadata } });
    expect(kept.json()).toMatchObject({ metadata });
    expect(kept.json()).not.toHaveProperty('warnings');
  });

  it('warns again when a request is sent again with its key', async () => {
    const request = {
      body: { state: 5, speed: 9 },
      headers: { 'idempotency-key': 'once-with-a-warning' },
    };
    const first = await server.send(`/builds/${build}/state`, request);
    const second = await server.send(`/builds/${build}/state`, request);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.json()).toEqual(first.json());
  });

  it('warns where uploads begin and where people log in', async () => {
    const login = { username: 'admin', password: 'admin123', remember: true };
    const token = await server.send('/auth/token', { key: null, body: login });
    expect(ignoredIn(token.headers) ?? token.text).toBe('remember');
    const upload = await server.send(`/builds/${build}/uploads`, {
      body: { state_code: 5, filename: 'x', colour: 1 },
    });
    expect(ignoredIn(upload.headers) ?? upload.text).toBe('colour');
  });
});

describe('a server that was told nothing of unknown fields', () => {
  it('refuses them', async () => {
    const server = await TestServer.start();
    try {
      const answer = await server.send('/builds', { body: { project: 'images', colour: 'red' } });
      expect(answer.status).toBe(422);
      expect(answer.json().errors).toEqual([{ path: 'colour', message: 'is not a known field' }]);
    } finally {
      await server.remove();
    }
  });

  it('takes the setting from BLDST_UNKNOWN_FIELDS, and refuses to start with one that means nothing', async () => {
    const server = await TestServer.start({ environment: { BLDST_UNKNOWN_FIELDS: 'warn' } });
    try {
      expect((await server.send('/builds?colour=red')).status).toBe(200);
    } finally {
      await server.remove();
    }
    const start = startServer({ port: 0, store: 'memory:', environment: { BLDST_UNKNOWN_FIELDS: 'allow' } });
    await expect(start).rejects.toThrow('BLDST_UNKNOWN_FIELDS must be refuse or warn, not "allow".');
  });
});
