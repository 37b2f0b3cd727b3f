import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytes = randomBytes(50_000);

describe('verification by the server', () => {
  let server: TestServer;
  let build: string;
  let elsewhere: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    elsewhere = await temporaryFolder();
    server = await TestServer.start({ artifactBase: pathToFileURL(elsewhere.path).href });
    build = await server.newBuild();
  });
  afterEach(async () => {
    await server.remove();
    await elsewhere.remove();
  });

  async function uploaded(): Promise<string> {
    const begun = await server.send(`/builds/${build}/uploads`, { body: { state_code: 10, filename: 'a' } });
    const { upload_id: id, artifact_path: path, storage_key: key } = begun.json();
    const part = await server.send(`/uploads/${id}/parts/1`, {
      method: 'PUT',
      raw: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
    await server.send(`/uploads/${id}/complete`, {
      body: { parts: [part.json()], size_bytes: bytes.length, sha256: sha256(bytes) },
    });
    await register(path);
    return join(server.folder, 'artifacts', key);
  }
  async function register(path: string, more: object = {}): Promise<void> {
    const answer = await server.send(`/builds/${build}/artifacts`, {
      body: {
        state_code: 10,
        artifact_name: 'a',
        artifact_type: 'disk_image',
        artifact_path: path,
        storage_backend: path.split(':')[0] === 'file' ? 'local' : path.split(':')[0],
        size_bytes: bytes.length,
        checksum: sha256(bytes),
        is_resumable: true,
        ...more,
      },
    });
    expect(answer.status, answer.text).toBe(201);
  }
  async function verify(deep: boolean): Promise<string> {
    const answer = await server.send(`/builds/${build}/artifacts/a/verify`, { body: { deep } });
    expect(answer.status, answer.text).toBe(200);
    return answer.json().verification_status;
  }
  const read = () => server.send(`/builds/${build}/artifacts/a/content`, { key: devKeys.read });

  it('sees good bytes, with and without hashing them', async () => {
    await uploaded();
    expect(await verify(false)).toBe('stored');
    expect(await verify(true)).toBe('verified');
  });

  it('sees a flipped bit only by hashing, and then delivers nothing any more', async () => {
    const file = await uploaded();
    const damaged = Buffer.from(bytes);
    damaged[25_000] = (damaged[25_000] ?? 0) ^ 1;
    await writeFile(file, damaged);
    expect(await verify(false)).toBe('stored');
    expect(await verify(true)).toBe('corrupt');
    const refused = await read();
    expect(refused.status).toBe(409);
    expect(refused.json().code).toBe('integrity');
  });

  it('sees a file that is too short, and never delivers it', async () => {
    const file = await uploaded();
    await truncate(file, 49_999);
    const refused = await read();
    expect(refused.status).toBe(409);
    expect(refused.json()).toMatchObject({
      code: 'integrity',
      context: { expected_size: 50_000, actual_size: 49_999 },
    });
    expect(await verify(false)).toBe('corrupt');
  });

  it('sees what is gone', async () => {
    const file = await uploaded();
    await rm(file);
    expect((await read()).status).toBe(404);
    expect(await verify(false)).toBe('missing');
  });

  it('is part of the proof before resuming', async () => {
    const file = await uploaded();
    await server.send(`/builds/${build}/state`, { body: { state: 10 } });
    await server.send(`/builds/${build}/state`, { body: { state: 15, status: 'failed' } });
    const context = async (query: string) =>
      (await server.send(`/builds/${build}/resume-context${query}`)).json();
    expect((await context('?verify=deep')).resumable).toBe(true);
    await rm(file);
    const broken = await context('?verify=true');
    expect(JSON.stringify([broken.reasons, broken.missing, broken.rerun_states])).toMatch(/a\b/);
    expect(broken.artifacts).toEqual([]);
  });

  it('looks into the base that the operator named', async () => {
    const file = join(elsewhere.path, 'images', 'disk');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    await register(pathToFileURL(file).href);
    expect(await verify(true)).toBe('verified');
    await rm(file);
    expect(await verify(true)).toBe('missing');
  });

  it.each([
    ['file:///etc/hostname'],
    ['s3://other-bucket/key?endpoint=http://169.254.169.254'],
    ['https://example.com/x'],
  ])('does not look at %s, which a client named', async (path) => {
    await register(path, { size_bytes: null, checksum: null, storage_backend: 'other' });
    expect(await verify(true)).toBe('unverified');
  });

  it('does not leave the base by a path with dots', async () => {
    await register(`${pathToFileURL(elsewhere.path).href}/../../etc/hostname`, {
      size_bytes: null,
      checksum: null,
    });
    expect(await verify(true)).toBe('unverified');
  });
});
