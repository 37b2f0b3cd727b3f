import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  AlreadyExistsError,
  IntegrityError,
  LeaseLostError,
  NotFoundError,
  NotResumableError,
} from '@buildstate/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BuildStateClient, connect } from '../../src/index.ts';
import { adminKey, type LiveServer, liveServer } from '../support/live-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const mebibyte = 1024 * 1024;

/** A door, with the place of artifacts that it answers. */
interface Setting {
  readonly client: BuildStateClient;
  readonly folder: string;
}

let server: LiveServer | undefined;
let setting: Setting;

/** Each way to reach a tracker, and where its artifacts are kept by default. */
const doors = {
  'a server that keeps artifacts itself': async (folder: string) => {
    server = await liveServer();
    return connect(server.url, {
      apiKey: adminKey,
      env: {},
      spoolFolder: join(folder, 'spool'),
      transport: 'node',
    });
  },
  'a server whose workers share a folder': async (folder: string) => {
    server = await liveServer({ artifactBase: pathToFileURL(join(folder, 'shared')).href });
    return connect(server.url, { apiKey: adminKey, env: {}, spoolFolder: join(folder, 'spool') });
  },
  'a local store': (folder: string) =>
    connect(join(folder, 'store'), { env: {}, spoolFolder: join(folder, 'spool') }),
};

function fileOf(folder: string, bytes: Uint8Array | string, name = 'image.raw'): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

function storedFile({ artifactPath }: { readonly artifactPath: string }): string {
  if (artifactPath.startsWith('file:')) return fileURLToPath(artifactPath);
  return join(server?.dataDir ?? '', 'artifacts', artifactPath.replace('server:///', ''));
}

/** Everything below a folder that is no folder. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe.each(Object.entries(doors))('with %s', (_name, open) => {
  beforeEach(async () => {
    server = undefined;
    const folder = temporaryFolder();
    setting = { folder, client: await open(folder) };
  });
  afterEach(async () => {
    await setting.client.close();
    await server?.remove();
  });

  async function build(): Promise<string> {
    return (await setting.client.builds.create({ project: 'images' })).id;
  }

  it.each([
    ['an empty file', 0],
    ['a small file', 4711],
    ['a file of several parts', 20 * mebibyte + 13],
  ])('%s comes back as it was, with its digest and size on record', async (_title, size) => {
    const { client, folder } = setting;
    const bytes = randomBytes(size);
    const id = await build();
    const progress: number[] = [];
    const uploaded = await client.artifacts.upload(id, {
      source: fileOf(folder, bytes),
      state: 10,
      name: 'base image',
      onProgress: ({ transferredBytes }) => progress.push(transferredBytes),
    });
    expect(uploaded).toMatchObject({ sha256: sha256(bytes), sizeBytes: size });
    expect(progress.at(-1)).toBe(size);
    const target = join(folder, 'out', 'restored.raw');
    const downloaded = await client.artifacts.download(id, 'base image', target);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(downloaded).toMatchObject({ path: target, sha256: sha256(bytes), sizeBytes: size });
    expect(downloaded.artifact).toMatchObject({
      artifactName: 'base image',
      stateCode: 10,
      artifactPath: uploaded.path,
      sizeBytes: size,
      checksum: sha256(bytes),
      checksumAlgorithm: 'sha256',
      verificationStatus: 'stored',
      isResumable: true,
      isFinal: false,
    });
    expect(downloaded.artifact.metadata).toMatchObject({ upload_duration_ms: expect.any(Number) });
  });

  it('a stream is stored without its size being known', async () => {
    const { client, folder } = setting;
    const pieces = Array.from({ length: 40 }, () => randomBytes(300_000));
    const id = await build();
    async function* stream() {
      yield* pieces;
    }
    const uploaded = await client.artifacts.upload(id, {
      source: { stream: stream() },
      state: 10,
      name: 'piped',
    });
    expect(uploaded).toMatchObject({ sha256: sha256(Buffer.concat(pieces)), sizeBytes: 12_000_000 });
    await client.artifacts.download(id, 'piped', join(folder, 'out'));
    expect(sha256(readFileSync(join(folder, 'out')))).toBe(uploaded.sha256);
  });

  it('an upload completes its state in the same change as it registers the artifact', async () => {
    const { client, folder } = setting;
    const id = await build();
    await client.builds.record(id, { state: 10, status: 'started' });
    const uploaded = await client.artifacts.upload(id, {
      source: fileOf(folder, 'QFI\xfb bytes'),
      state: 10,
      name: 'disk',
      complete: { message: 'base image made' },
    });
    expect(uploaded.report).toMatchObject({
      delivered: true,
      answer: {
        status: 'completed',
        attempt: 1,
        message: 'base image made',
        artifactStoragePath: uploaded.path,
      },
    });
    const details = await client.builds.get(id);
    expect([details.currentState, details.lastSuccessfulState]).toEqual([10, 10]);
    const record = await client.artifacts.get(id, 'disk');
    expect(record).toMatchObject({ checksum: uploaded.sha256, sizeBytes: uploaded.sizeBytes, stateCode: 10 });
  });

  it('an upload completes its state also when the artifact says more than a report can', async () => {
    const { client, folder } = setting;
    const id = await build();
    const uploaded = await client.artifacts.upload(id, {
      source: fileOf(folder, 'final bytes'),
      state: 95,
      name: 'image',
      type: 'ami',
      final: true,
      contentType: 'application/x-raw',
      expiresAt: '2126-01-01T00:00:00Z',
      metadata: { owner: 'team' },
      complete: true,
    });
    expect(uploaded.artifact).toMatchObject({
      isFinal: true,
      artifactType: 'ami',
      contentType: 'application/x-raw',
      expiresAt: '2126-01-01T00:00:00.000Z',
      metadata: { owner: 'team' },
    });
    expect((await client.builds.get(id)).lastSuccessfulState).toBe(95);
  });

  it('a download finds the newest resumable artifact, at or before a state if it is told one', async () => {
    const { client, folder } = setting;
    const id = await build();
    for (const [state, name] of [
      [10, 'base'],
      [25, 'hardened'],
      [50, 'app'],
    ] as const) {
      await client.artifacts.upload(id, {
        source: fileOf(folder, `bytes of ${name}`),
        state,
        name,
        complete: true,
      });
    }
    const log = { source: fileOf(folder, 'log'), state: 60, name: 'log', resumable: false };
    await client.artifacts.upload(id, log);
    const fetch = async (which: Parameters<typeof client.artifacts.download>[1]) => {
      await client.artifacts.download(id, which, join(folder, 'out'), { overwrite: true });
      return readFileSync(join(folder, 'out'), 'utf8');
    };
    expect(await fetch({ latest: true })).toBe('bytes of app');
    expect(await fetch({ state: 49 })).toBe('bytes of hardened');
    expect(await fetch({ state: 25 })).toBe('bytes of hardened');
    expect(await fetch({ name: 'log' })).toBe('log');
    await expect(fetch({ state: 9 })).rejects.toThrow(/no resumable artifact at or before state 9/);
    await expect(fetch('nothing')).rejects.toThrow(NotFoundError);
  });

  it('damaged bytes are never delivered, and everybody is told', async () => {
    const { client, folder } = setting;
    const bytes = randomBytes(3 * mebibyte);
    const id = await build();
    const { artifact } = await client.artifacts.upload(id, {
      source: fileOf(folder, bytes),
      state: 10,
      name: 'disk',
    });
    const place = storedFile(artifact ?? { artifactPath: '' });
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(1_234_567) ^ 1, 1_234_567);
    writeFileSync(place, damaged);
    const target = join(folder, 'out', 'disk.raw');
    await expect(client.artifacts.download(id, 'disk', target)).rejects.toThrow(IntegrityError);
    expect(filesBelow(dirname(target))).toEqual([]);
    expect((await client.artifacts.get(id, 'disk')).verificationStatus).toBe('corrupt');
    await expect(client.artifacts.download(id, 'disk', target)).rejects.toThrow(/damaged/);
    await expect(client.artifacts.download(id, { latest: true }, target)).rejects.toThrow(NotFoundError);
    expect(filesBelow(dirname(target))).toEqual([]);
  });

  it('a cut file is noticed by its size', async () => {
    const { client, folder } = setting;
    const id = await build();
    const source = fileOf(folder, randomBytes(mebibyte));
    const { artifact } = await client.artifacts.upload(id, { source, state: 10, name: 'disk' });
    truncateSync(storedFile(artifact ?? { artifactPath: '' }), mebibyte - 1);
    await expect(client.artifacts.download(id, 'disk', join(folder, 'out'))).rejects.toThrow(IntegrityError);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('bytes can be verified without being kept', async () => {
    const { client, folder } = setting;
    const id = await build();
    const { sha256: digest } = await client.artifacts.upload(id, {
      source: fileOf(folder, 'x'),
      state: 10,
      name: 'disk',
    });
    const target = join(folder, 'out');
    const result = await client.artifacts.download(id, 'disk', target, { verifyOnly: true });
    expect(result).toMatchObject({ sha256: digest, sizeBytes: 1 });
    expect(result.path).toBeUndefined();
    expect(existsSync(target)).toBe(false);
    expect((await client.artifacts.verify(id, 'disk', { deep: true })).verificationStatus).toBe('verified');
  });

  it('a file at the target stays unless it may be replaced', async () => {
    const { client, folder } = setting;
    const id = await build();
    await client.artifacts.upload(id, { source: fileOf(folder, 'new'), state: 10, name: 'disk' });
    const target = fileOf(folder, 'precious', 'target');
    await expect(client.artifacts.download(id, 'disk', target)).rejects.toThrow(AlreadyExistsError);
    expect(readFileSync(target, 'utf8')).toBe('precious');
    await client.artifacts.download(id, 'disk', target, { overwrite: true });
    expect(readFileSync(target, 'utf8')).toBe('new');
  });

  it('an expired artifact is not fetched', async () => {
    const { client, folder } = setting;
    const id = await build();
    const expiresAt = new Date(Date.now() + 300).toISOString();
    await client.artifacts.upload(id, { source: fileOf(folder, 'x'), state: 10, name: 'disk', expiresAt });
    await new Promise((resolve) => setTimeout(resolve, 350));
    await expect(client.artifacts.download(id, 'disk', join(folder, 'out'))).rejects.toThrow(
      NotResumableError,
    );
    await expect(client.artifacts.download(id, { latest: true }, join(folder, 'out'))).rejects.toThrow(
      NotFoundError,
    );
  });

  it('a worker that lost its lease registers nothing', async () => {
    const { client, folder } = setting;
    const id = await build();
    const stale = await client.leases.acquire(id);
    await client.leases.release(id, stale.token);
    await using fresh = await client.leases.acquire(id);
    const source = fileOf(folder, 'late bytes');
    await expect(
      client.artifacts.upload(id, { source, state: 10, name: 'disk', lease: stale }),
    ).rejects.toThrow(LeaseLostError);
    expect(await client.artifacts.list(id).all()).toEqual([]);
    for (const place of ['shared', 'store/artifacts']) expect(filesBelow(join(folder, place))).toEqual([]);
    await client.artifacts.upload(id, { source, state: 10, name: 'disk', lease: fresh });
    await stale.release();
  });

  it('an upload ends when its lease is lost or its caller gives up, and nothing is visible', async () => {
    const { client, folder } = setting;
    const id = await build();
    const lost = new AbortController();
    async function* slow() {
      yield randomBytes(1000);
      lost.abort(new LeaseLostError('Fenced out.'));
      await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
      yield randomBytes(1000);
    }
    const lease = { token: 1, signal: lost.signal };
    const upload = client.artifacts.upload(id, {
      source: { stream: slow() },
      state: 10,
      name: 'disk',
      lease,
    });
    await expect(upload).rejects.toThrow('Fenced out.');
    expect(await client.artifacts.list(id).all()).toEqual([]);
    const over = AbortSignal.abort(new Error('enough'));
    const late = { source: fileOf(folder, 'x'), state: 10, name: 'disk', signal: over };
    await expect(client.artifacts.upload(id, late)).rejects.toThrow('enough');
  });

  it('an artifact without a digest is only tracked, and says so', async () => {
    const { client, folder } = setting;
    const id = await build();
    await client.artifacts.register(id, {
      stateCode: 95,
      artifactName: 'ami',
      artifactType: 'ami',
      artifactPath: 'ami-0abcdef',
      storageBackend: 'aws',
    });
    await expect(client.artifacts.download(id, 'ami', join(folder, 'out'))).rejects.toThrow(
      /without a checksum/,
    );
  });

  it('two uploads of one name in one attempt never share a place', async () => {
    const { client, folder } = setting;
    const id = await build();
    const first = await client.artifacts.upload(id, {
      source: fileOf(folder, 'one'),
      state: 10,
      name: 'disk',
    });
    const again = { source: fileOf(folder, 'two'), state: 10, name: 'disk' };
    await expect(client.artifacts.upload(id, again)).rejects.toThrow(AlreadyExistsError);
    const second = await client.artifacts.upload(id, { ...again, replace: true });
    expect(second.path).not.toBe(first.path);
    await client.artifacts.download(id, 'disk', join(folder, 'out'));
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('two');
  });
});

describe('with a cache of artifacts', () => {
  it('an artifact is fetched once, and taken from the cache after that', async () => {
    const folder = temporaryFolder();
    const cached = join(folder, 'cached');
    const env = { BLDST_CACHE_SIZE: '1MiB', BLDST_CACHE_DIR: cached };
    await using client = await connect(join(folder, 'store'), { env, spoolFolder: join(folder, 'spool') });
    const bytes = randomBytes(10_000);
    const { id } = await client.builds.create({ project: 'linux', buildNumber: '1' });
    await client.artifacts.upload(id, { source: fileOf(folder, bytes), state: 10, name: 'base' });
    await client.artifacts.download(id, 'base', join(folder, 'first'));
    expect(readdirSync(cached)).toEqual([sha256(bytes)]);
    const { artifactPath } = await client.artifacts.get(id, 'base');
    writeFileSync(fileURLToPath(artifactPath), 'gone bad');
    // Looking only is about the store, not about the cache.
    const look = client.artifacts.download(id, 'base', '', { verifyOnly: true });
    await expect(look).rejects.toThrow(IntegrityError);
  });
});
