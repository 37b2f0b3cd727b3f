import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { devKeys, TestServer } from '../support/test-server.ts';

const partBytes = 64 * 1024;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface Part {
  readonly number: number;
  readonly size_bytes: number;
  readonly tag: string;
}
interface Upload {
  readonly upload_id: string;
  readonly artifact_path: string;
  readonly storage_key: string;
  readonly part_size_bytes: number;
}

describe('uploads to the server itself', () => {
  let server: TestServer;
  let build: string;
  beforeAll(async () => {
    server = await TestServer.start({ limits: { partBytes, partMemoryBytes: 4 * partBytes, stallMs: 1000 } });
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    build = await server.newBuild();
  });

  async function begin(body: object = {}): Promise<Upload> {
    const answer = await server.send(`/builds/${build}/uploads`, {
      body: { state_code: 10, filename: 'disk.img', ...body },
    });
    expect(answer.status).toBe(201);
    return answer.json();
  }
  function put(upload: Upload, number: number, bytes: Uint8Array<ArrayBuffer>) {
    return server.send(`/uploads/${upload.upload_id}/parts/${number}`, {
      method: 'PUT',
      raw: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
  }
  async function sendAll(upload: Upload, bytes: Uint8Array<ArrayBuffer>): Promise<Part[]> {
    const count = Math.ceil(bytes.length / partBytes);
    const numbers = Array.from({ length: count }, (_, index) => index + 1).reverse();
    const parts = await Promise.all(
      numbers.map(async (number) => {
        const answer = await put(upload, number, bytes.slice((number - 1) * partBytes, number * partBytes));
        expect(answer.status, answer.text).toBe(200);
        return answer.json() as Part;
      }),
    );
    return parts.sort((a, b) => a.number - b.number);
  }
  function complete(upload: Upload, parts: readonly Part[], bytes: Uint8Array, hash = sha256(bytes)) {
    return server.send(`/uploads/${upload.upload_id}/complete`, {
      body: { parts, size_bytes: bytes.length, sha256: hash },
    });
  }
  function register(upload: Upload, bytes: Uint8Array, more: object = {}) {
    return server.send(`/builds/${build}/artifacts`, {
      body: {
        state_code: 10,
        artifact_name: 'disk.img',
        artifact_type: 'disk_image',
        artifact_path: upload.artifact_path,
        storage_backend: 'server',
        storage_key: upload.storage_key,
        size_bytes: bytes.length,
        checksum: `sha256:${sha256(bytes)}`,
        ...more,
      },
    });
  }
  const content = (headers: Record<string, string> = {}, artifact = 'disk.img', method = 'GET') =>
    fetch(`${server.url}/builds/${build}/artifacts/${artifact}/content`, {
      method,
      headers: { 'x-api-key': devKeys.read, ...headers },
    });
  const filesOf = async (folder: string) =>
    (await readdir(join(server.folder, 'artifacts'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('.bldst-uploads'))
      .map((entry) => entry.name)
      .filter((name) => name.startsWith(folder));

  async function stored(bytes: Uint8Array<ArrayBuffer>): Promise<Upload> {
    const upload = await begin({ size_bytes: bytes.length });
    const done = await complete(upload, await sendAll(upload, bytes), bytes);
    expect(done.status, done.text).toBe(200);
    const registered = await register(upload, bytes);
    expect(registered.status, registered.text).toBe(201);
    return upload;
  }

  it('come back as they were sent, parts in any order and several at once', async () => {
    const bytes = randomBytes(10 * partBytes + 4321);
    const upload = await begin({ size_bytes: bytes.length, content_type: 'application/x-qcow2' });
    expect(upload).toMatchObject({
      storage_backend: 'server',
      part_size_bytes: partBytes,
      max_parts: 10_000,
    });
    expect(upload.artifact_path).toBe(`server:///${upload.storage_key}`);
    expect(upload.storage_key).toMatch(/^images\/\d+\/state-10\/[0-9a-f.-]+\/disk\.img$/);
    const parts = await sendAll(upload, bytes);
    const listed = (await server.send(`/uploads/${upload.upload_id}/parts`)).json();
    expect(listed).toEqual({ upload_known: true, parts });
    const done = await complete(upload, parts, bytes);
    expect(done.json()).toMatchObject({
      artifact_path: upload.artifact_path,
      size_bytes: bytes.length,
      sha256: sha256(bytes),
    });
    await register(upload, bytes);
    const answer = await content();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe(`"${done.json().version}"`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('can be completed again, and several times at once, with the same answer', async () => {
    const bytes = randomBytes(2 * partBytes);
    const upload = await begin();
    const parts = await sendAll(upload, bytes);
    const answers = await Promise.all(Array.from({ length: 5 }, () => complete(upload, parts, bytes)));
    const later = await complete(upload, parts, bytes);
    for (const answer of answers) expect(answer.text).toBe(later.text);
    expect(later.status).toBe(200);
  });

  it('with a key begin once, and end with one answer', async () => {
    const send = (path: string, body: object, key: string) =>
      server.send(path, { body, headers: { 'idempotency-key': key } });
    const start = { state_code: 10, filename: 'disk.img' };
    const first = await send(`/builds/${build}/uploads`, start, `begin-${build}`);
    const again = await send(`/builds/${build}/uploads`, start, `begin-${build}`);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const upload: Upload = first.json();
    expect(again.json()).toEqual(upload);
    const bytes = randomBytes(10);
    const parts = await sendAll(upload, bytes);
    const body = { parts, size_bytes: bytes.length, sha256: sha256(bytes) };
    const path = `/uploads/${upload.upload_id}/complete`;
    const done = await send(path, body, `end-${build}`);
    expect(done.status).toBe(200);
    expect((await send(path, body, `end-${build}`)).json()).toEqual(done.json());
    expect((await send(path, body, `begin-${build}`)).json().code).toBe('key_reused');
  });

  it('refuse conditions, which nothing here could honour', async () => {
    const refused = await server.send(`/builds/${build}/uploads`, {
      body: { state_code: 10, filename: 'disk.img' },
      headers: { 'if-match': '"1"' },
    });
    expect(refused.status).toBe(422);
    expect(refused.json().errors[0].path).toBe('If-Match');
  });

  it('that are not what the source says are refused and removed', async () => {
    const bytes = randomBytes(partBytes + 1);
    const wrong = await begin({ filename: 'wrong.img' });
    const answer = await complete(wrong, await sendAll(wrong, bytes), bytes, sha256(randomBytes(8)));
    expect(answer.status).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'integrity' });
    expect(answer.json().detail).toMatch(/upload it again/);
    expect(await filesOf('wrong.img')).toEqual([]);
    expect((await register(wrong, bytes)).status).toBe(201);
    expect((await content()).status).toBe(404);
  });

  it('that were proved once are not lost to a later, wrong completion', async () => {
    const bytes = randomBytes(partBytes + 1);
    const upload = await stored(bytes);
    const listed = (await server.send(`/uploads/${upload.upload_id}/parts`)).json();
    expect(listed.upload_known).toBe(false);
    const parts = [{ number: 1, size_bytes: bytes.length, tag: 'x' }];
    const wrong = await complete(upload, parts, bytes, sha256(randomBytes(8)));
    expect(wrong.status).toBeGreaterThanOrEqual(400);
    expect(sha256(new Uint8Array(await (await content()).arrayBuffer()))).toBe(sha256(bytes));
  });

  it('of nothing are artifacts too', async () => {
    const bytes = new Uint8Array();
    const upload = await stored(bytes);
    const answer = await content();
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '0']);
    expect((await complete(upload, [], bytes)).status).toBe(200);
  });

  it.each([
    ['a gap', (parts: Part[]) => [parts[0], parts[2]], 422],
    ['a part missing at the end', (parts: Part[]) => parts.slice(0, 2), 422],
    ['parts out of order', (parts: Part[]) => [parts[1], parts[0], parts[2]], 422],
    ['a part twice', (parts: Part[]) => [parts[0], parts[0], parts[2]], 422],
    ['no parts', () => [], 422],
    ['a wrong tag', (parts: Part[]) => parts.map((part) => ({ ...part, tag: 'other' })), 409],
  ])('with %s are not completed, and can still be', async (_, change, status) => {
    const bytes = randomBytes(2 * partBytes + 5);
    const filename = `gap-${randomUUID()}.img`;
    const upload = await begin({ filename });
    const parts = await sendAll(upload, bytes);
    const answer = await complete(upload, change(parts) as Part[], bytes);
    expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
    if (status === 422) expect(answer.json().errors[0].path).toMatch(/^(parts|size_bytes)/);
    expect(await filesOf(filename)).toEqual([]);
    expect((await complete(upload, parts, bytes)).status).toBe(200);
    await server.send(`/uploads/${upload.upload_id}`, { method: 'DELETE' });
  });

  it('can be given up, again and again, and are then not known', async () => {
    const upload = await begin();
    const bytes = randomBytes(100);
    await put(upload, 1, bytes);
    for (let time = 0; time < 2; time++) {
      expect((await server.send(`/uploads/${upload.upload_id}`, { method: 'DELETE' })).status).toBe(204);
    }
    expect((await server.send(`/uploads/${upload.upload_id}/parts`)).json()).toEqual({
      upload_known: false,
      parts: [],
    });
    expect((await put(upload, 1, bytes)).status).toBe(404);
  });

  it('are known only by their signed id, and to no key of another project', async () => {
    const upload = await begin();
    const forged = `${upload.upload_id.slice(0, -3)}abc`;
    expect((await put({ ...upload, upload_id: forged }, 1, randomBytes(5))).status).toBe(404);
    await server.newBuild({ project: 'others' });
    const project = (await server.send('/projects/others')).json().id;
    const key = await server.newKey(['write'], { project_id: project });
    for (const [method, path] of [
      ['GET', '/parts'],
      ['DELETE', ''],
    ] as const) {
      const answer = await server.send(`/uploads/${upload.upload_id}${path}`, { method, key });
      expect(answer.status).toBe(404);
    }
  });

  it.each([
    ['too large', partBytes + 1, { 'content-type': 'application/octet-stream' }, 413],
    ['of JSON', 10, { 'content-type': 'application/json' }, 415],
    ['of no type', 10, { 'content-type': '' }, 415],
  ])('take no part that is %s', async (_, size, headers, status) => {
    const upload = await begin();
    const answer = await server.send(`/uploads/${upload.upload_id}/parts/1`, {
      method: 'PUT',
      raw: randomBytes(size),
      headers,
    });
    expect(answer.status, answer.text).toBe(status);
    expect((await server.send(`/uploads/${upload.upload_id}/parts`)).json().parts).toEqual([]);
  });

  it.each([['0'], ['10001'], ['1.5'], ['-1'], ['x']])('take no part with the number %s', async (number) => {
    const upload = await begin();
    const answer = await server.send(`/uploads/${upload.upload_id}/parts/${number}`, {
      method: 'PUT',
      raw: randomBytes(5),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(answer.status).toBe(422);
  });

  it('more at the same time than memory is allowed for all arrive', async () => {
    const bytes = randomBytes(40 * partBytes);
    const upload = await begin();
    const parts = await sendAll(upload, bytes);
    expect((await complete(upload, parts, bytes)).status).toBe(200);
  });

  it('ask for the size of files that no server could take, and get a limit', async () => {
    const answer = await server.send(`/builds/${build}/uploads`, {
      body: { state_code: 10, filename: 'x', size_bytes: 10_000 * partBytes + 1 },
    });
    expect(answer.status).toBe(413);
    expect(answer.json().detail).toContain(String(10_000 * partBytes));
  });

  it.each([
    ['../../../etc/passwd'],
    ['/etc/passwd'],
    ['..\\..\\x'],
    ['CON'],
    ['a/b'],
    ['.hidden'],
    ['x'.repeat(255)],
    ['\u202egnp.exe'],
    ['a\r\nSet-Cookie: b'],
  ])('with the file name %j stay in their folder', async (filename) => {
    const answer = await server.send(`/builds/${build}/uploads`, { body: { state_code: 10, filename } });
    if (answer.status === 422) return;
    expect(answer.status).toBe(201);
    const { storage_key: key } = answer.json();
    expect(key).toMatch(/^images\/\d+\/state-10\/[0-9a-f.-]+\/[^/\\]+$/);
    expect(key).not.toMatch(/\.\.|[\r\n\\]|\/CON$/);
    await server.send(`/uploads/${answer.json().upload_id}`, { method: 'DELETE' });
  });

  it('begin only for builds that there are', async () => {
    const answer = await server.send(`/builds/${randomUUID()}/uploads`, {
      body: { state_code: 1, filename: 'x' },
    });
    expect(answer.status).toBe(404);
  });

  describe('their content', () => {
    it('is read in ranges of one version', async () => {
      const bytes = randomBytes(100_000);
      await stored(bytes);
      const whole = await content();
      const etag = whole.headers.get('etag') ?? '';
      await whole.arrayBuffer();
      const range = await content({ range: 'bytes=1000-1999', 'if-match': etag });
      expect(range.status).toBe(206);
      expect(range.headers.get('content-range')).toBe('bytes 1000-1999/100000');
      expect(range.headers.get('content-length')).toBe('1000');
      expect(Buffer.from(await range.arrayBuffer()).equals(bytes.subarray(1000, 2000))).toBe(true);
      const tail = await content({ range: 'bytes=-10' });
      expect(Buffer.from(await tail.arrayBuffer()).equals(bytes.subarray(-10))).toBe(true);
      const other = await content({ range: 'bytes=0-1', 'if-match': '"other"' });
      expect(other.status).toBe(412);
      expect(((await other.json()) as { code: string }).code).toBe('precondition_failed');
      const outside = await content({ range: 'bytes=100000-' });
      expect(outside.status).toBe(416);
      expect(outside.headers.get('content-range')).toBe('bytes */100000');
      const newer = await content({ range: 'bytes=0-1', 'if-range': '"other"' });
      expect(newer.status).toBe(200);
      await newer.arrayBuffer();
      expect((await content({ 'if-none-match': etag })).status).toBe(304);
    });

    it('is described by HEAD without being sent', async () => {
      const bytes = randomBytes(1234);
      await stored(bytes);
      const head = await content({}, 'disk.img', 'HEAD');
      expect(head.status).toBe(200);
      expect(head.headers.get('content-length')).toBe('1234');
      expect(head.headers.get('accept-ranges')).toBe('bytes');
      expect(await head.text()).toBe('');
    });

    it('cannot run in a browser, whatever type it was given', async () => {
      const bytes = Buffer.from('<script>alert(1)</script>');
      const upload = await begin();
      await complete(upload, await sendAll(upload, bytes), bytes);
      await register(upload, bytes, { content_type: 'text/html', artifact_name: 'a"b\u00fc.html' });
      const answer = await content({}, encodeURIComponent('a"b\u00fc.html'));
      expect(answer.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''a%22b%C3%BC.html");
      expect(answer.headers.get('content-security-policy')).toContain('sandbox');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      await answer.arrayBuffer();
    });

    it('of another build is delivered within the project, by an artifact that stands on it', async () => {
      const bytes = randomBytes(500);
      const theirs = await stored(bytes);
      build = await server.newBuild();
      expect((await register(theirs, bytes)).status).toBe(201);
      expect(Buffer.from(await (await content()).arrayBuffer())).toEqual(bytes);
    });

    it('of another project is not delivered by an artifact that points at it', async () => {
      const secret = await stored(randomBytes(500));
      build = await server.newBuild({ project: 'thief' });
      const registered = await register(secret, randomBytes(500), { checksum: null, size_bytes: null });
      expect(registered.status).toBe(201);
      expect((await content()).status).toBe(404);
      const verified = await server.send(`/builds/${build}/artifacts/disk.img/verify`, {
        body: { deep: true },
      });
      expect(verified.json().verification_status).toBe('unverified');
    });

    it.each([
      ['server:///../../keyring.json'],
      ['server:///images/1/state-10/%2e%2e/x'],
      ['server://host/images/1'],
      ['server:'],
      ['server:///'],
    ])('is never a file at %s', async (path) => {
      await register({ artifact_path: path } as Upload, new Uint8Array(), {
        checksum: null,
        size_bytes: null,
        storage_key: null,
      });
      expect((await content()).status).toBe(404);
    });

    it('that is kept elsewhere is answered with its place', async () => {
      await register({ artifact_path: 's3://images/disk.img' } as Upload, new Uint8Array(3), {
        storage_backend: 's3',
        storage_key: null,
      });
      const answer = await content();
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({
        code: 'stored_elsewhere',
        context: { artifact_path: 's3://images/disk.img', storage_backend: 's3' },
      });
    });

    it('that was deleted is not delivered', async () => {
      await stored(randomBytes(10));
      const { id } = (await server.send(`/builds/${build}/artifacts/disk.img`)).json();
      await server.send(`/builds/${build}/artifacts/${id}`, { method: 'DELETE', key: devKeys.admin });
      expect((await content({}, id)).status).toBe(404);
    });
  });
});
