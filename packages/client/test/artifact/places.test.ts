import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startFaultyS3 } from '@buildstate/conformance/backend';
import { ConfigurationError, IntegrityError, StorageNotFoundError } from '@buildstate/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { objectUri, otherHost, placeUri, splitPlace } from '../../src/artifact/place.ts';
import { nodeTransport } from '../../src/http/node-transport.ts';
import type { HttpResponse, HttpTransport } from '../../src/http/transport.ts';
import { type BuildStateClient, type ConnectOptions, connect } from '../../src/index.ts';
import { adminKey, liveServer } from '../support/live-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function localClient(
  folder = temporaryFolder(),
): Promise<{ client: BuildStateClient; build: string; folder: string }> {
  const client = await connect(join(folder, 'store'), { env: {}, spoolFolder: join(folder, 'spool') });
  onTestFinished(() => client.close());
  const { id } = await client.builds.create({ project: 'places' });
  return { client, build: id, folder };
}

async function serverClient(options: ConnectOptions = {}) {
  const folder = temporaryFolder();
  const server = await liveServer();
  onTestFinished(() => server.remove());
  const settings = { apiKey: adminKey, env: {}, spoolFolder: join(folder, 'spool'), retry: { tries: 1 } };
  const client = await connect(server.url, { ...settings, ...options });
  onTestFinished(() => client.close());
  const { id } = await client.builds.create({ project: 'places' });
  return { server, client, build: id, folder, settings };
}

function fileOf(folder: string, bytes: Uint8Array | string): string {
  const path = join(folder, 'source.raw');
  writeFileSync(path, bytes);
  return path;
}

describe('bytes on the disk of a machine', () => {
  it('are recorded with the machine’s name', async () => {
    const { client, build, folder } = await localClient();
    const { artifact, path } = await client.artifacts.upload(build, {
      source: fileOf(folder, 'x'),
      state: 10,
      name: 'disk',
    });
    expect(path).toMatch(
      new RegExp(`^${pathToFileURL(folder).href}/store/artifacts/places/1/state-10/.+/source.raw$`),
    );
    expect(artifact).toMatchObject({ storageBackend: 'local', metadata: { host: hostname() } });
  });

  it('cannot be fetched on another one, which says where they are and blames nobody', async () => {
    const { client, build, folder } = await localClient();
    const { artifact, path } = await client.artifacts.upload(build, {
      source: fileOf(folder, 'x'),
      state: 10,
      name: 'disk',
    });
    rmSync(fileURLToPath(path));
    await client.artifacts.update(build, 'disk', {
      metadata: { ...artifact?.metadata, host: 'build-7' },
    } as never);
    const error = await client.artifacts
      .download(build, 'disk', join(folder, 'out'))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StorageNotFoundError);
    expect(String(error)).toMatch(/lie on the host build-7/);
    expect((await client.artifacts.get(build, 'disk')).verificationStatus).toBe('stored');
    expect((await client.artifacts.verify(build, 'disk')).warnings.join()).toMatch(/host build-7/);
  });

  it('may be in the way of others at the same path on another machine, which are not called damaged', async () => {
    const { client, build, folder } = await localClient();
    const { artifact, path } = await client.artifacts.upload(build, {
      source: fileOf(folder, 'x'),
      state: 10,
      name: 'disk',
    });
    writeFileSync(fileURLToPath(path), 'y');
    await client.artifacts.update(build, 'disk', {
      metadata: { ...artifact?.metadata, host: 'build-7' },
    } as never);
    await expect(client.artifacts.download(build, 'disk', join(folder, 'out'))).rejects.toThrow(
      /host build-7/,
    );
    expect((await client.artifacts.get(build, 'disk')).verificationStatus).toBe('stored');
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('are fetched where a share shows them under the same path, because they prove themselves', async () => {
    const { client, build, folder } = await localClient();
    const { artifact } = await client.artifacts.upload(build, {
      source: fileOf(folder, 'x'),
      state: 10,
      name: 'disk',
    });
    await client.artifacts.update(build, 'disk', {
      metadata: { ...artifact?.metadata, host: 'build-7' },
    } as never);
    await client.artifacts.download(build, 'disk', join(folder, 'out'));
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('x');
  });

  it('are called missing when they are gone from where they should be', async () => {
    const { client, build, folder } = await localClient();
    const { path } = await client.artifacts.upload(build, {
      source: fileOf(folder, 'x'),
      state: 10,
      name: 'disk',
    });
    rmSync(fileURLToPath(path));
    await expect(client.artifacts.download(build, 'disk', join(folder, 'out'))).rejects.toThrow(
      StorageNotFoundError,
    );
    expect((await client.artifacts.get(build, 'disk')).verificationStatus).toBe('missing');
  });

  it('go to a path that the caller names', async () => {
    const { client, build, folder } = await localClient();
    const { path } = await client.artifacts.upload(build, {
      source: fileOf(folder, 'x'),
      state: 10,
      name: 'disk',
      to: join(folder, 'my place'),
    });
    expect(path).toContain('/my%20place/places/1/state-10/');
    await client.artifacts.download(build, 'disk', join(folder, 'out'));
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('x');
  });
});

describe('no place', () => {
  it('is an error that says how to name one', async () => {
    const client = await connect('memory:', { env: {}, flushSpool: false });
    onTestFinished(() => client.close());
    const { id } = await client.builds.create({ project: 'places' });
    const source = fileOf(temporaryFolder(), 'x');
    await expect(client.artifacts.upload(id, { source, state: 10, name: 'disk' })).rejects.toThrow(
      /Name a place/,
    );
    const onServer = { source, state: 10, name: 'disk', to: 'server:' };
    await expect(client.artifacts.upload(id, onServer)).rejects.toThrow(ConfigurationError);
  });
});

describe('a bucket', () => {
  it('takes bytes, and its address alone is enough to fetch them elsewhere', async () => {
    const s3 = await startFaultyS3();
    onTestFinished(() => s3.stop());
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { client, build, folder } = await localClient();
    const bytes = randomBytes(9 * 1024 * 1024);
    const to = `s3://images/team?endpoint=${encodeURIComponent(s3.endpoint)}&style=path`;
    const { artifact, path } = await client.artifacts.upload(build, {
      source: fileOf(folder, bytes),
      state: 10,
      name: 'disk',
      to,
    });
    expect(path).toMatch(/^s3:\/\/images\/team\/places\/1\/state-10\/[^?]+\/source\.raw\?endpoint=/);
    expect(artifact).toMatchObject({
      storageBackend: 's3',
      storageBucket: 'images',
      verificationStatus: 'stored',
    });
    expect(artifact?.metadata).not.toHaveProperty('host');
    const elsewhere = await connect(join(folder, 'store'), { env: {}, flushSpool: false });
    onTestFinished(() => elsewhere.close());
    await elsewhere.artifacts.download(build, 'disk', join(folder, 'out'));
    expect(readFileSync(join(folder, 'out')).equals(bytes)).toBe(true);
  });
});

type Body = HttpResponse['body'];
type Headers = HttpResponse['headers'];

/** A transport in which the answers that hold an artifact's bytes are changed by the test; counted from 1. */
function tampering(
  change: (body: Body, number: number) => Body,
  changeHeaders: (headers: Headers, number: number) => Headers = (headers) => headers,
): HttpTransport {
  const inner = nodeTransport(undefined);
  let number = 0;
  return {
    async send(request): Promise<HttpResponse> {
      const response = await inner.send(request);
      if (!request.url.endsWith('/content') || request.headers.range === 'bytes=0-0') return response;
      number += 1;
      const headers = changeHeaders(response.headers, number);
      return { status: response.status, headers, body: change(response.body, number) };
    },
    close: () => inner.close(),
  };
}

/** Cuts the body of the first answer. */
async function* cutOnce(body: Body, number: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const chunk of body) {
    yield chunk;
    passed += chunk.length;
    if (number === 1 && passed > 1_000_000) throw Object.assign(new Error('cut'), { code: 'ECONNRESET' });
  }
}

describe('bytes on their way from a server', () => {
  it('go on where they stopped when the connection is cut', async () => {
    const cuts: number[] = [];
    const transport = tampering(async function* (body, number) {
      let passed = 0;
      for await (const chunk of body) {
        yield chunk;
        passed += chunk.length;
        if (number < 3 && passed > 1_000_000) {
          cuts.push(passed);
          throw Object.assign(new Error('cut'), { code: 'ECONNRESET' });
        }
      }
    });
    const { client, build, folder } = await serverClient({ transport });
    const bytes = randomBytes(5_000_000);
    await client.artifacts.upload(build, { source: fileOf(folder, bytes), state: 10, name: 'disk' });
    await client.artifacts.download(build, 'disk', join(folder, 'out'));
    expect(readFileSync(join(folder, 'out')).equals(bytes)).toBe(true);
    expect(cuts).toHaveLength(2);
  });

  it('are asked for again when the part that comes begins elsewhere', async () => {
    const ranges: (string | undefined)[] = [];
    const transport = tampering(cutOnce, (headers, number) => {
      ranges.push(headers['content-range']);
      return number === 2 ? { ...headers, 'content-range': 'bytes 7-4999999/5000000' } : headers;
    });
    const { client, build, folder } = await serverClient({ transport });
    const bytes = randomBytes(5_000_000);
    await client.artifacts.upload(build, { source: fileOf(folder, bytes), state: 10, name: 'disk' });
    await client.artifacts.download(build, 'disk', join(folder, 'out'));
    expect(readFileSync(join(folder, 'out')).equals(bytes)).toBe(true);
    expect(ranges).toHaveLength(3);
  });

  it('are looked at once more before an artifact is called damaged', async () => {
    const transport = tampering(async function* (body, number) {
      for await (const chunk of body) {
        if (number === 1) chunk[0] = (chunk[0] ?? 0) ^ 1;
        yield chunk;
      }
    });
    const { client, build, folder } = await serverClient({ transport });
    const bytes = randomBytes(100_000);
    await client.artifacts.upload(build, { source: fileOf(folder, bytes), state: 10, name: 'disk' });
    await client.artifacts.download(build, 'disk', join(folder, 'out'));
    expect(readFileSync(join(folder, 'out')).equals(bytes)).toBe(true);
    expect((await client.artifacts.get(build, 'disk')).verificationStatus).toBe('stored');
  });

  it('are refused when they are wrong each time, and the artifact is called damaged', async () => {
    const transport = tampering(async function* (body) {
      for await (const chunk of body) {
        chunk[0] = (chunk[0] ?? 0) ^ 1;
        yield chunk;
      }
    });
    const { client, build, folder } = await serverClient({ transport });
    await client.artifacts.upload(build, { source: fileOf(folder, 'bytes'), state: 10, name: 'disk' });
    await expect(client.artifacts.download(build, 'disk', join(folder, 'out'))).rejects.toThrow(
      IntegrityError,
    );
    expect(existsSync(join(folder, 'out'))).toBe(false);
    expect((await client.artifacts.get(build, 'disk')).verificationStatus).toBe('corrupt');
  });

  it('are refused to a reader who may not say that they are damaged', async () => {
    const { client, build, folder, server, settings } = await serverClient();
    const { artifact } = await client.artifacts.upload(build, {
      source: fileOf(folder, 'bytes'),
      state: 10,
      name: 'disk',
    });
    writeFileSync(join(server.dataDir, 'artifacts', artifact?.storageKey ?? ''), 'BYTES');
    const reader = await connect(server.url, { ...settings, apiKey: 'readonly-key-888' });
    onTestFinished(() => reader.close());
    await expect(reader.artifacts.download(build, 'disk', join(folder, 'out'))).rejects.toThrow(
      IntegrityError,
    );
    expect((await client.artifacts.get(build, 'disk')).verificationStatus).toBe('stored');
  });
});

describe('while the tracker is away', () => {
  it('bytes are stored at a named place, and the completion arrives later', async () => {
    const { client, build, folder, server, settings } = await serverClient();
    await server.stop();
    const upload = { source: fileOf(folder, 'precious'), state: 10, name: 'disk', complete: true } as const;
    await expect(client.artifacts.upload(build, { ...upload, spool: true })).rejects.toThrow(
      /cannot be reached/,
    );
    const to = pathToFileURL(join(folder, 'fallback')).href;
    const stored = await client.artifacts.upload(build, { ...upload, to, spool: true });
    expect(stored.report).toMatchObject({ delivered: false, waiting: 1 });
    expect(readFileSync(fileURLToPath(stored.path), 'utf8')).toBe('precious');
    // Without the wish to be kept, the report fails, and the bytes stay: the answer may only have been lost.
    await expect(client.artifacts.upload(build, { ...upload, to })).rejects.toThrow(/cannot be reached/);
    const back = await liveServer({ dataDir: server.dataDir, port: server.port });
    onTestFinished(() => back.remove());
    const next = await connect(back.url, settings);
    onTestFinished(() => next.close());
    expect(await next.builds.get(build)).toMatchObject({ lastSuccessfulState: 10 });
    await next.artifacts.download(build, 'disk', join(folder, 'out'));
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('precious');
  });
});

describe('an artifact’s address', () => {
  it.each([
    ['s3://b/p/x/disk.img', 'x/disk.img', { base: 's3://b/p', key: 'x/disk.img' }],
    [
      's3://b/p/disk.img?endpoint=http://h&style=path',
      null,
      { base: 's3://b/p?endpoint=http://h&style=path', key: 'disk.img' },
    ],
    ['s3://b/disk%20one.img', null, { base: 's3://b', key: 'disk one.img' }],
    ['s3://b/100%', null, { base: 's3://b', key: '100%' }],
    ['file:///srv/a/b', 'other/key', { base: 'file:///srv/a', key: 'b' }],
    ['file:///b', null, { base: 'file:///', key: 'b' }],
    ['file://build-7/srv/a/b', 'a/b', { base: 'file:///srv', key: 'a/b', host: 'build-7' }],
    ['file://localhost/srv/b', null, { base: 'file:///srv', key: 'b' }],
    ['/srv/a/b', null, { base: 'file:///srv/a', key: 'b' }],
    ['nfs://nas/builds/a', null, { base: 'nfs://nas/builds', key: 'a' }],
    ['ami-0abc', null, undefined],
    ['aws:snapshot/snap-1', null, undefined],
    ['s3://bucket', null, undefined],
    ['s3://bucket/', null, undefined],
  ])('%s is taken apart', (path, storageKey, expected) => {
    expect(splitPlace(path, storageKey)).toEqual(expected);
  });

  it('is put together with the parameters of its base', () => {
    expect(objectUri('s3://b/p?style=path', 's3://b/p', 'x/y')).toBe('s3://b/p/x/y?style=path');
    expect(objectUri('file:///srv', 'file:///srv/', 'x')).toBe('file:///srv/x');
    expect(placeUri('/srv/a b')).toBe('file:///srv/a%20b');
    expect(placeUri('s3://b/p')).toBe('s3://b/p');
  });

  it('is on another host only where it is a file and names one', () => {
    const file = { base: 'file:///srv', key: 'a' };
    expect(otherHost(file, {}, 'here')).toBeUndefined();
    expect(otherHost(file, { host: 'here' }, 'here')).toBeUndefined();
    expect(otherHost(file, { host: 'there' }, 'here')).toBe('there');
    expect(otherHost({ ...file, host: 'there' }, { host: 'here' }, 'here')).toBe('there');
    expect(otherHost({ base: 's3://b', key: 'a' }, { host: 'there' }, 'here')).toBeUndefined();
  });
});
