import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestServer } from '../support/test-server.ts';

const nested = (depth: number) => `{"state":5,"metadata":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
const deepArrays = (depth: number) => `{"state":5,"metadata":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;

interface Bad {
  readonly what: string;
  readonly raw: string | Uint8Array<ArrayBuffer>;
  readonly status: number;
  readonly code: string;
  /** The field that is named, where one is. */
  readonly path?: string;
  readonly detail?: RegExp;
  readonly headers?: Record<string, string>;
}

const report = (body: object) => JSON.stringify({ state: 5, ...body });
const invalid = { status: 422, code: 'validation_failed' } as const;
const malformed = { status: 400, code: 'malformed' } as const;

const badReports: readonly Bad[] = [
  { what: 'a text where a number belongs', raw: '{"state":"five"}', ...invalid, path: 'state' },
  { what: 'a number where a text belongs', raw: report({ message: 5 }), ...invalid, path: 'message' },
  { what: 'an array instead of an object', raw: '[1,2]', ...invalid },
  { what: 'null instead of an object', raw: 'null', ...invalid },
  { what: 'state 101', raw: '{"state":101}', ...invalid, path: 'state' },
  { what: 'state -1', raw: '{"state":-1}', ...invalid, path: 'state' },
  { what: 'state 12.5', raw: '{"state":12.5}', ...invalid, path: 'state' },
  { what: 'state 1e400', raw: '{"state":1e400}', ...invalid, path: 'state' },
  { what: 'an unknown status', raw: report({ status: 'finished' }), ...invalid, path: 'status' },
  {
    what: 'a misspelt field',
    raw: report({ mesage: 'x' }),
    ...invalid,
    path: 'mesage',
    detail: /did you mean message/,
  },
  {
    what: 'a privileged field',
    raw: report({ version: 99, current_state: 100 }),
    ...invalid,
    path: 'version',
  },
  { what: 'NUL in a text', raw: report({ message: 'a\0b' }), ...invalid, path: 'message', detail: /NUL/ },
  {
    what: 'half of a surrogate pair',
    raw: '{"state":5,"message":"\\ud800"}',
    ...invalid,
    path: 'message',
    detail: /surrogate/,
  },
  { what: 'NUL in metadata', raw: report({ metadata: { a: { b: ['\0'] } } }), ...invalid, path: 'metadata' },
  { what: 'NUL in a key of metadata', raw: report({ metadata: { 'a\0': 1 } }), ...invalid, path: 'metadata' },
  { what: 'a message over 8 KiB', raw: report({ message: 'x'.repeat(8193) }), ...invalid, path: 'message' },
  {
    what: 'metadata over 64 KiB',
    raw: report({ metadata: { a: 'x'.repeat(65_536) } }),
    ...invalid,
    path: 'metadata',
  },
  { what: 'metadata 40 levels deep', raw: nested(40), ...invalid, path: 'metadata', detail: /32 levels/ },
  { what: 'metadata 100 levels deep', raw: nested(100), ...invalid, detail: /deeper than 64/ },
  { what: 'metadata 100000 levels deep', raw: nested(100_000), ...invalid, detail: /deeper than 64/ },
  { what: 'arrays 100000 levels deep', raw: deepArrays(100_000), ...invalid, detail: /deeper than 64/ },
  { what: 'half an artifact place', raw: report({ artifact_storage_type: 's3' }), ...invalid },
  { what: 'a body of no JSON', raw: 'state=5', ...malformed, detail: /not JSON/ },
  { what: 'a body that ends too early', raw: '{"state":5', ...malformed },
  {
    what: 'a field that is there twice',
    raw: '{"state":5,"state":10}',
    ...malformed,
    detail: /"state" twice/,
  },
  { what: '__proto__', raw: '{"state":5,"__proto__":{"admin":true}}', ...malformed, detail: /__proto__/ },
  { what: '__proto__ in metadata', raw: '{"state":5,"metadata":{"__proto__":1}}', ...malformed },
  {
    what: 'bytes that are no UTF-8',
    raw: new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
    ...malformed,
    detail: /UTF-8/,
  },
  {
    what: 'a body of 2 MiB',
    raw: report({ message: 'x'.repeat(2 * 1_048_576) }),
    status: 413,
    code: 'limit_exceeded',
    detail: /1 MiB \(1048576 bytes\)/,
  },
  {
    what: 'a form instead of JSON',
    raw: 'state=5',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'unsupported_media_type',
    detail: /application\/json/,
  },
  {
    what: 'XML',
    raw: '<state>5</state>',
    headers: { 'content-type': 'text/xml' },
    status: 415,
    code: 'unsupported_media_type',
  },
];

describe('bad input', () => {
  let server: TestServer;
  let build: string;

  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    build = await server.newBuild();
  });

  async function untouched(): Promise<void> {
    const now = (await server.send(`/builds/${build}`)).json();
    expect(now).toMatchObject({ version: 1, current_state: 0, status: 'pending' });
    expect((await server.send(`/builds/${build}/states`)).json()).toEqual([]);
    expect((await server.send(`/builds/${build}/events`)).json()).toHaveLength(1);
  }

  it.each(badReports)('a report with $what gets $status and changes nothing', async (bad) => {
    const answer = await server.send(`/builds/${build}/state`, {
      method: 'POST',
      raw: bad.raw,
      headers: bad.headers ?? {},
    });
    expect(answer.status).toBe(bad.status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = answer.json();
    expect(problem).toMatchObject({
      type: `/problems/${bad.code}`,
      status: bad.status,
      code: bad.code,
      request_id: answer.headers.get('x-request-id'),
    });
    expect(problem.detail).toMatch(/[.?]$/);
    expect(problem.detail).not.toMatch(/\n {4}at /);
    if (bad.detail !== undefined) expect(problem.detail).toMatch(bad.detail);
    if (bad.path !== undefined) {
      expect(problem.errors.map(({ path }: { path: string }) => path.split('.')[0])).toContain(bad.path);
    }
    await untouched();
  });

  it('illegal moves get 409 with a code, and change nothing', async () => {
    await server.send(`/builds/${build}/state`, { body: { state: 30 } });
    await server.send(`/builds/${build}/state`, { body: { state: 35, status: 'failed' } });
    const before = (await server.send(`/builds/${build}`)).json().version;
    const forward = await server.send(`/builds/${build}/state`, { body: { state: 50 } });
    expect(forward.status).toBe(409);
    expect(forward.json().code).toBe('illegal_transition');
    expect((await server.send(`/builds/${build}`)).json()).toMatchObject({
      version: before,
      current_state: 30,
      failed_state: 35,
    });
  });

  it('a completed build gets 409 build_closed', async () => {
    await server.send(`/builds/${build}/state`, { body: { state: 100 } });
    const more = await server.send(`/builds/${build}/state`, { body: { state: 100, status: 'failed' } });
    expect(more.status).toBe(409);
    expect(more.json().code).toBe('build_closed');
  });

  it.each([
    ['/builds/00000000-0000-7000-8000-000000000000', 404, 'not_found'],
    ['/builds/nothing:1', 404, 'not_found'],
    [`/builds/${'a'.repeat(301)}`, 422, 'validation_failed'],
    [`/builds/${'a'.repeat(5000)}`, 414, 'uri_too_long'],
    ['/builds/%00', 422, 'validation_failed'],
    ['/builds/%zz', 400, 'malformed'],
    ['/builds/..%2f..%2fetc%2fpasswd', 422, 'validation_failed'],
    ['/projects/nothing', 404, 'not_found'],
    ['/resume-requests/not-a-uuid', 422, 'validation_failed'],
    ['/resume-requests/00000000-0000-7000-8000-000000000000', 404, 'not_found'],
    ['/builds?limit=0', 422, 'validation_failed'],
    ['/builds?limit=1001', 422, 'validation_failed'],
    ['/builds?limit=ten', 422, 'validation_failed'],
    ['/builds?limit=1&limit=2', 422, 'validation_failed'],
    ['/builds?cursor=nonsense', 422, 'validation_failed'],
    ['/builds?statos=failed', 422, 'validation_failed'],
    ['/builds?__proto__=1', 422, 'validation_failed'],
    ['/builds?state_min=101', 422, 'validation_failed'],
    ['/buildz', 404, 'not_found'],
  ])('GET %.80s gets %i %s', async (path, status, code) => {
    const answer = await server.send(path);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ code, status });
    expect(answer.json().detail).toMatch(/[.?]$/);
    expect(answer.headers.get('x-request-id')).toBeTruthy();
  });

  it('an unknown path is answered with the nearest one, a wrong method with those that are there', async () => {
    const unknown = await server.send(`/builds/${build}/sates`);
    expect(unknown.json().detail).toContain('Did you mean /builds/{build_id}/state');
    const method = await server.send(`/builds/${build}/failure`, { method: 'PUT', body: {} });
    expect(method.status).toBe(405);
    expect(method.headers.get('allow')).toBe('POST');
    expect(method.json().code).toBe('method_not_allowed');
  });

  it('an empty body is none where bodies are optional, with and without a content type', async () => {
    await server.send(`/builds/${build}/state`, { body: { state: 5, status: 'failed' } });
    expect((await server.send(`/builds/${build}/retry`, { method: 'POST' })).status).toBe(200);
    const typed = await server.send(`/builds/${build}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    expect(typed.status).toBe(200);
    const needed = await server.send(`/builds/${build}/state`, { method: 'POST' });
    expect(needed.status).toBe(422);
  });

  it('a body where none belongs is refused', async () => {
    const answer = await server.send(`/builds/${build}/lease?token=1`, {
      method: 'DELETE',
      body: { token: 1 },
    });
    expect(answer.status).toBe(422);
  });
});
