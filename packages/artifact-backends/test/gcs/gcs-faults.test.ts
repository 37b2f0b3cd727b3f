import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FaultyGcsServer,
  type GcsFault,
  type GcsOperation,
  startFaultyGcs,
} from '@buildstate/conformance/backend';
import { StorageError } from '@buildstate/core/light';
import { createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';
import { downloadFile, uploadFile } from '@buildstate/transfer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type GcsOptions, openGcsBackend } from '../../src/gcs/index.ts';
import { type OpenBackendOptions, openBackend } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const mebibyte = 1024 * 1024;
const crypto = createNodeCrypto(await loadKeyRing());
const busy: GcsFault = { kind: 'status', status: 503, code: 'ServiceUnavailable' };
const slowDown: GcsFault = { kind: 'status', status: 429, code: 'SlowDown' };
const about = { contentType: 'application/octet-stream', metadata: {}, storageClass: 'STANDARD' };

async function faultyServer(): Promise<FaultyGcsServer> {
  const server = await startFaultyGcs();
  onTestFinished(() => server.stop());
  return server;
}

/** The driver alone: no retries, no deadlines. */
function driver(server: FaultyGcsServer, options: GcsOptions = {}) {
  return openGcsBackend('gs://bucket', { endpoint: server.endpoint, token: 'none', ...options });
}

/** As users get it, with short waits. */
function complete(server: FaultyGcsServer, options: OpenBackendOptions = {}) {
  return openBackend('gs://bucket', {
    gcs: { endpoint: server.endpoint, token: 'none' },
    retry: { initialDelayMs: 1, maxDelayMs: 5 },
    ...options,
  });
}

function sourceFile(sizeBytes: number) {
  const bytes = randomBytes(sizeBytes);
  const path = join(temporaryFolder(), 'image.raw');
  writeFileSync(path, bytes);
  return { bytes, path, sha256: crypto.sha256Hex(bytes) };
}

/** Uploads 13 MiB in three parts and checks that the store holds exactly that. */
async function expectUpload(server: FaultyGcsServer, options?: OpenBackendOptions): Promise<void> {
  const { path, bytes, sha256 } = sourceFile(13 * mebibyte);
  const backend = await complete(server, options);
  const result = await uploadFile({
    backend,
    key: 'a/key',
    source: { path },
    crypto,
    partBytes: 5 * mebibyte,
  });
  expect(result).toMatchObject({ sha256, sizeBytes: bytes.length, info: { size: bytes.length } });
  expect(server.state.objects.get('bucket/a/key')?.bytes.equals(bytes)).toBe(true);
  expect(server.pendingFaults()).toBe(0);
}

describe('an upload to Google succeeds in spite of', () => {
  const operations: readonly GcsOperation[] = [
    'InitiateUpload',
    'UploadPart',
    'CompleteUpload',
    'HeadObject',
  ];

  it.each(operations)('429 and 503 answers to %s', async (operation) => {
    const server = await faultyServer();
    server.inject({ operation, fault: slowDown, times: 2 });
    server.inject({ operation, fault: busy });
    await expectUpload(server);
    expect(server.state.uploads.size).toBe(0);
  });

  it.each(operations)('a lost reply to %s, which was done', async (operation) => {
    const server = await faultyServer();
    server.inject({ operation, fault: { kind: 'drop-reply' } });
    await expectUpload(server);
  });

  it('a lost reply to the completion: it looks instead of completing again', async () => {
    const server = await faultyServer();
    server.inject({ operation: 'CompleteUpload', fault: { kind: 'drop-reply' } });
    await expectUpload(server);
    expect(server.requests.filter((seen) => seen.operation === 'CompleteUpload')).toHaveLength(1);
  });

  it.each([0, 1, 70_000, 5 * mebibyte - 1])(
    'a part of which the store took %i bytes: it is sent again, whole, and no byte is there twice',
    async (bytes) => {
      const server = await faultyServer();
      server.inject({ operation: 'UploadPart', fault: { kind: 'partial', bytes }, after: 1 });
      await expectUpload(server);
      const sent = server.requests
        .filter(({ operation }) => operation === 'UploadPart')
        .map((seen) => seen.bytes);
      expect(sent.toSorted((a, b) => b - a)).toEqual([5 * mebibyte, 5 * mebibyte, 3 * mebibyte]);
    },
  );

  it('a part that is never answered', async () => {
    const server = await faultyServer();
    server.inject({ operation: 'UploadPart', fault: { kind: 'never-answer' }, after: 1 });
    await expectUpload(server, { deadline: { callMs: 3_000, leastBytesPerSecond: 2 ** 40 } });
  });

  it.each([true, false])('200 with an error to the completion, done: %s', async (applied) => {
    const server = await faultyServer();
    server.inject({ operation: 'CompleteUpload', fault: { kind: 'error-in-200', applied } });
    await expectUpload(server);
  });
});

describe('an upload to Google', () => {
  it('fails and leaves nothing when a part is refused for good', async () => {
    const server = await faultyServer();
    const backend = await complete(server);
    server.inject({ operation: 'UploadPart', fault: { kind: 'status', status: 403, code: 'AccessDenied' } });
    const { path } = sourceFile(6 * mebibyte);
    const upload = uploadFile({ backend, key: 'key', source: { path }, crypto, partBytes: 5 * mebibyte });
    await expect(upload).rejects.toMatchObject({ kind: 'forbidden', persistence: 'permanent' });
    expect(server.state.uploads.size).toBe(0);
    expect(server.state.objects.size).toBe(0);
  });

  it('does not take another object under its key for its own', async () => {
    const server = await faultyServer();
    const backend = await complete(server);
    server.state.put('bucket/key', Buffer.alloc(6 * mebibyte), about);
    server.inject({
      operation: 'CompleteUpload',
      fault: { kind: 'status', status: 404, code: 'NoSuchUpload' },
    });
    const { path } = sourceFile(6 * mebibyte);
    const upload = uploadFile({ backend, key: 'key', source: { path }, crypto, partBytes: 5 * mebibyte });
    await expect(upload).rejects.toMatchObject({ code: 'storage_not_found' });
  });

  it('asks for a token before every request, so that one that ends does no harm', async () => {
    const server = await faultyServer();
    let asked = 0;
    const token = async () => {
      asked += 1;
      server.state.token = `token-${asked}`;
      return server.state.token;
    };
    const backend = await driver(server, { token });
    const { path, bytes } = sourceFile(11 * mebibyte);
    await uploadFile({
      backend,
      key: 'key',
      source: { path },
      crypto,
      partBytes: 5 * mebibyte,
      concurrency: 1,
    });
    expect(server.state.objects.get('bucket/key')?.bytes.equals(bytes)).toBe(true);
    expect(new Set(server.requests.map(({ headers }) => headers.authorization)).size).toBe(asked);
    expect(asked).toBeGreaterThan(4);
  });

  it('sends checksums, media type and class as it was told', async () => {
    const server = await faultyServer();
    const backend = await driver(server, { storageClass: 'COLDLINE' });
    const upload = await backend.createUpload('key', { contentType: 'application/x-qemu-disk' });
    const part = await backend.uploadPart(upload, { number: 1, bytes: Buffer.from('content') });
    await backend.completeUpload(upload, [part]);
    expect(server.state.objects.get('bucket/key')).toMatchObject({
      contentType: 'application/x-qemu-disk',
      storageClass: 'COLDLINE',
    });
    expect(server.requests[1]?.headers['content-md5']).toEqual(expect.any(String));
    await (await driver(server, { checksums: 'none' })).put('key', Buffer.from('x'));
    expect(server.requests.at(-1)?.headers['content-md5']).toBeUndefined();
  });
});

describe('a download from Google', () => {
  async function stored(server: FaultyGcsServer) {
    const bytes = randomBytes(300_000);
    server.state.put('bucket/key', bytes, about);
    const backend = await complete(server, { deadline: { idleMs: 1_000 } });
    const expected = { sha256: crypto.sha256Hex(bytes), sizeBytes: bytes.length };
    const download = async () => {
      const target = join(temporaryFolder(), 'image');
      await downloadFile({ backend, key: 'key', target, expected, crypto });
      return readFileSync(target).equals(bytes);
    };
    return { backend, download };
  }

  it.each<GcsFault>([
    { kind: 'cut', afterBytes: 0 },
    { kind: 'cut', afterBytes: 1 },
    { kind: 'cut', afterBytes: 299_999 },
    { kind: 'stall', afterBytes: 100_000 },
    busy,
    slowDown,
    { kind: 'drop-reply' },
  ])('goes on after %j', async (fault) => {
    const server = await faultyServer();
    const { download } = await stored(server);
    server.inject({ operation: 'GetObject', fault });
    expect(await download()).toBe(true);
    expect(server.pendingFaults()).toBe(0);
  });

  it('is refused when the store sends other bytes than it was asked for', async () => {
    const server = await faultyServer();
    const { backend } = await stored(server);
    for (const fault of [{ kind: 'shift', bytes: 1 }, { kind: 'ignore-range' }] as const) {
      server.inject({ operation: 'GetObject', fault });
      await expect(backend.read('key', { start: 5, end: 10 })).rejects.toMatchObject({ kind: 'integrity' });
    }
  });

  it('names the generation when it goes on, and ends when the object was replaced', async () => {
    const server = await faultyServer();
    const { backend } = await stored(server);
    const generation = server.state.objects.get('bucket/key')?.generation;
    server.inject({ operation: 'GetObject', fault: { kind: 'cut', afterBytes: 100_000 } });
    server.inject({ operation: 'GetObject', fault: { kind: 'replace', bytes: randomBytes(300_000) } });
    const { body } = await backend.read('key');
    const reading = (async () => {
      for await (const _ of body);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'storage_changed' });
    expect(server.requests.at(-1)?.headers['x-goog-if-generation-match']).toBe(String(generation));
  });

  it('given up, a thousand times, leaves no connection behind that hangs', async () => {
    const server = await faultyServer();
    const { backend } = await stored(server);
    for (let round = 0; round < 1000; round += 1) {
      const { body } = await backend.read('key');
      await body[Symbol.asyncIterator]().return?.();
    }
    expect(await server.openConnections()).toBeLessThanOrEqual(10);
  });
});

describe('a small object at Google', () => {
  it('is stored once in spite of a lost reply, although it had to be new', async () => {
    const server = await faultyServer();
    const backend = await complete(server);
    server.inject({ operation: 'PutObject', fault: { kind: 'drop-reply' } });
    const info = await backend.put('key', Buffer.from('content'), { ifAbsent: true });
    expect(info).toMatchObject({ key: 'key', size: 7 });
    expect(server.pendingFaults()).toBe(0);
  });
});

describe('what Google answers', () => {
  it.each([
    [500, 'InternalError', 'transient', 'unavailable'],
    [503, 'ServiceUnavailable', 'transient', 'unavailable'],
    [429, 'SlowDown', 'transient', 'unavailable'],
    [408, 'RequestTimeout', 'transient', 'unavailable'],
    [400, 'InvalidArgument', 'permanent', 'failed'],
    [401, 'AuthenticationRequired', 'permanent', 'unauthenticated'],
    [403, 'AccessDenied', 'permanent', 'forbidden'],
    [413, 'EntityTooLarge', 'permanent', 'too_large'],
    [404, 'NoSuchBucket', 'permanent', 'not_found'],
  ])('%i %s is %s and %s', async (status, code, persistence, kind) => {
    const server = await faultyServer();
    const backend = await driver(server);
    server.inject({ operation: 'PutObject', fault: { kind: 'status', status, code } });
    const put = backend.put('key', Buffer.from('x'));
    await expect(put).rejects.toMatchObject({ persistence, kind, context: { gcs_code: code, status } });
    await expect(put).rejects.toThrow(StorageError);
    await expect(put).rejects.toThrow('put of gs://bucket/key');
  });

  it('is transient when nobody answers at all, and when the connection breaks', async () => {
    const server = await faultyServer();
    const backend = await driver(server);
    server.inject({ operation: 'PutObject', fault: { kind: 'drop-reply' } });
    await expect(backend.put('key', Buffer.from('x'))).rejects.toMatchObject({ persistence: 'transient' });
    await server.stop();
    await expect(backend.stat('key')).rejects.toMatchObject({
      persistence: 'transient',
      kind: 'unavailable',
    });
  });
});
