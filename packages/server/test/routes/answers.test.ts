import { randomUUID } from 'node:crypto';
import { type OperationName, schemas } from '@buildstate/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { devKeys, TestServer } from '../support/test-server.ts';

/** The answer, after a check against the schema that the document shows. */
function checked(operation: OperationName, value: unknown): Record<string, unknown> {
  const result = schemas[operation].answer.safeParse(value);
  expect(result.error?.issues).toBeUndefined();
  return value as Record<string, unknown>;
}

describe('answers', () => {
  let server: TestServer;
  let build: string;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    build = await server.newBuild();
  });

  it('a report with a state name, a message and the five artifact fields lands at 25, completed, with times', async () => {
    const body = {
      state_name: 'package-installation',
      message: 'Packages installed',
      artifact_storage_type: 's3',
      artifact_storage_path: 's3://images/rhel9/25.qcow2',
      artifact_size_bytes: 1_073_741_824,
      artifact_checksum: `sha256:${'ab'.repeat(32)}`,
      artifact_metadata: { format: 'qcow2' },
    };
    const answer = await server.send(`/builds/${build}/state`, { body });
    expect(answer.status).toBe(201);
    const attempt = checked('recordState', answer.json());
    expect(attempt).toMatchObject({
      build_id: build,
      state: 25,
      status: 'completed',
      attempt: 1,
      message: 'Packages installed',
      artifact_storage_path: body.artifact_storage_path,
      artifact_metadata: { format: 'qcow2' },
    });
    expect(Date.parse(String(attempt.start_time))).toBeLessThanOrEqual(Date.parse(String(attempt.end_time)));
    expect(attempt.duration_seconds).toBeTypeOf('number');
    const states = (await server.send(`/builds/${build}/states`)).json();
    const paths = states
      .filter(({ state }: { state: number }) => state === 25)
      .map((one: { artifact_storage_path: string }) => one.artifact_storage_path);
    expect(paths).toEqual([body.artifact_storage_path]);
  });

  it('keep what users wrote in JSON fields as it is, names included', async () => {
    const metadata = { snake_case: 1, camelCase: 2, nested: { a_b: [{ c_d: null }] } };
    await server.send(`/builds/${build}/state`, { body: { state: 5, metadata } });
    const [attempt] = (await server.send(`/builds/${build}/states`)).json();
    expect(attempt.metadata).toEqual(metadata);
    await server.send(`/builds/${build}/variables`, {
      body: { variable_key: 'my_key', variable_value: 'v' },
    });
    expect((await server.send(`/builds/${build}/variables/dict`)).json()).toEqual({ my_key: 'v' });
  });

  it('the same event_id counts once, also at the alias', async () => {
    const body = { state: 5, event_id: randomUUID() };
    const first = await server.send(`/builds/${build}/state`, { body });
    const again = await server.send(`/builds/${build}/states/`, { body });
    expect(again.status).toBe(201);
    expect(again.json()).toEqual(first.json());
    expect((await server.send(`/builds/${build}/states`)).json()).toHaveLength(1);
  });

  it('carry the version of a build as ETag, and changes take If-Match', async () => {
    const seen = await server.send(`/builds/${build}`);
    expect(seen.headers.get('etag')).toBe('"1"');
    checked('getBuild', seen.json());
    const patch = (description: string, tag: string) =>
      server.send(`/builds/${build}`, {
        method: 'PATCH',
        body: { description },
        headers: { 'if-match': tag },
      });
    const changed = await patch('first', '"1"');
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe('"2"');
    const late = await patch('second', '"1"');
    expect(late.status).toBe(412);
    expect(late.json()).toMatchObject({ code: 'precondition_failed', context: { version: 2 } });
    const report = await server.send(`/builds/${build}/state`, {
      body: { state: 5 },
      headers: { 'if-match': '"1"' },
    });
    expect(report.status).toBe(412);
    expect((await patch('third', '*')).status).toBe(200);
    expect((await patch('fourth', 'W/"3"')).status).toBe(412);
    expect((await server.send(`/builds/${build}`)).json()).toMatchObject({
      description: 'third',
      version: 3,
    });
  });

  it('refuse a condition where it could not be honoured', async () => {
    const made = await server.send('/projects', {
      body: { name: 'conditional' },
      headers: { 'if-match': '"1"' },
    });
    expect(made.status).toBe(422);
    expect(made.json().detail).toMatch(/If-Match/);
    const changed = await server.send('/projects/images', {
      method: 'PUT',
      body: { description: 'x' },
      headers: { 'if-none-match': '*' },
    });
    expect(changed.status).toBe(422);
    expect(changed.json().detail).toMatch(/If-None-Match/);
  });

  it('leave out what the caller has already', async () => {
    const seen = await server.send(`/builds/${build}`);
    const tag = seen.headers.get('etag') ?? '';
    for (const known of [tag, `"other", W/${tag}`, '*']) {
      const again = await server.send(`/builds/${build}`, { headers: { 'if-none-match': known } });
      expect(again.status).toBe(304);
      expect(again.text).toBe('');
      expect(again.headers.get('etag')).toBe(tag);
    }
    for (const other of ['"other"', 'nonsense', tag.slice(1)]) {
      expect((await server.send(`/builds/${build}`, { headers: { 'if-none-match': other } })).status).toBe(
        200,
      );
    }
  });

  it('say when a request with a key was answered before, whichever way the key is written', async () => {
    const body = { name: `keyed-${build.slice(0, 8)}` };
    const send = (key: string, sent: object = body) =>
      server.send('/projects', { body: sent, headers: { 'idempotency-key': key } });
    const first = await send('"k \\"1"'.replace(' ', ''));
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const again = await send('k"1');
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(again.json()).toEqual(first.json());
    const other = await send('k"1', { name: 'another' });
    expect(other.status).toBe(422);
    expect(other.json().code).toBe('key_reused');
    for (const bad of ['"open', 'two words', 'x'.repeat(256)]) {
      const refused = await send(bad);
      expect(refused.status).toBe(422);
      expect(refused.json().errors[0].path).toBe('Idempotency-Key');
    }
  });

  it('keep the keys of two callers apart', async () => {
    const send = (key: string, name: string) =>
      server.send('/projects', { key, body: { name }, headers: { 'idempotency-key': 'the-same' } });
    expect((await send(devKeys.write, `one-${build.slice(0, 8)}`)).status).toBe(201);
    expect((await send(devKeys.admin, `two-${build.slice(0, 8)}`)).status).toBe(201);
  });

  it('are plain arrays in pages that a Link header joins', async () => {
    const project = `paged-${build.slice(0, 8)}`;
    const made: string[] = [];
    for (let count = 0; count < 7; count++) made.push(await server.newBuild({ project }));
    const seen: string[] = [];
    let url: string | undefined = `/builds?project_id=${project}&limit=3`;
    let pages = 0;
    while (url !== undefined) {
      const page = await server.send(url);
      expect(page.status).toBe(200);
      seen.push(...page.json().map(({ id }: { id: string }) => id));
      const [, next] = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '') ?? [];
      expect(next === undefined || next.startsWith(`/builds?project_id=${project}&limit=3&cursor=`)).toBe(
        true,
      );
      url = next;
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(seen).toEqual(made.toReversed());
  });

  it('carry an id of the request: the caller\u2019s own when it is harmless, else a new one', async () => {
    const mine = await server.send('/health', { headers: { 'x-request-id': 'ci-job_42.1' } });
    expect(mine.headers.get('x-request-id')).toBe('ci-job_42.1');
    for (const hostile of [
      'a b',
      '"',
      'x'.repeat(101),
      '<script>',
      `bldst_${'0'.repeat(16)}_${'A'.repeat(43)}`,
    ]) {
      const answer = await server.send('/health', { headers: { 'x-request-id': hostile } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('forbid caches to keep them, browsers to guess at them, and pages to frame or run them', async () => {
    for (const path of [`/builds/${build}`, '/nothing', '/health']) {
      const { headers } = await server.send(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('server')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('a delete is 204 without a body, and soft', async () => {
    const answer = await server.send(`/builds/${build}`, { method: 'DELETE', key: devKeys.admin });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await server.send(`/builds/${build}`)).status).toBe(404);
  });

  it('a build is found by project and number too', async () => {
    const { build_number: number } = (await server.send(`/builds/${build}`)).json();
    const found = await server.send(`/builds/${encodeURIComponent(`images:${number}`)}/`);
    expect(found.json().id).toBe(build);
  });

  it('what is refused because a lease is live names the lease', async () => {
    const lease = await server.send(`/builds/${build}/lease`, { body: { holder: 'first' } });
    expect(lease.status).toBe(201);
    checked('acquireLease', lease.json());
    const refused = await server.send(`/builds/${build}/lease`, { body: { holder: 'second' } });
    expect(refused.status).toBe(409);
    expect(refused.json()).toMatchObject({
      code: 'state_in_progress',
      context: { lease: { holder: 'first', token: lease.json().token } },
    });
  });
});
