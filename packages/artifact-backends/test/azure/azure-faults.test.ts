import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AzureFault, type AzureOperation, startFaultyAzure } from '@buildstate/conformance/backend';
import { StorageError } from '@buildstate/core/light';
import { createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';
import { downloadFile, uploadFile } from '@buildstate/transfer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AzureOptions, openAzureBackend } from '../../src/azure/index.ts';
import { type OpenBackendOptions, openBackend } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { azureTestPlace } from './azurite.ts';

const mebibyte = 1024 * 1024;
const crypto = createNodeCrypto(await loadKeyRing());
const place = azureTestPlace();
const busy: AzureFault = { kind: 'status', status: 503, code: 'ServerBusy' };

/** A proxy that fails on command, and a new place behind it. */
async function faulty() {
  const proxy = await startFaultyAzure(place.azurite().endpoint);
  onTestFinished(() => proxy.stop());
  const uri = place.newUri();
  const azure: AzureOptions = { ...place.options(), endpoint: proxy.endpoint };
  return {
    proxy,
    uri,
    driver: (more: AzureOptions = {}) => openAzureBackend(uri, { ...azure, ...more }),
    complete: (options: OpenBackendOptions = {}) =>
      openBackend(uri, { azure, retry: { initialDelayMs: 1, maxDelayMs: 5 }, ...options }),
  };
}

function sourceFile(sizeBytes: number) {
  const bytes = randomBytes(sizeBytes);
  const path = join(temporaryFolder(), 'image.raw');
  writeFileSync(path, bytes);
  return { bytes, path, sha256: crypto.sha256Hex(bytes) };
}

/** The names of all blobs below a place, also of those that only have blocks nobody committed. */
async function blobsBelow(uri: string): Promise<readonly string[]> {
  const prefix = new URL(uri).pathname.split('/').slice(2).join('/');
  const names: string[] = [];
  for await (const { name } of place.container().listBlobsFlat({ prefix, includeUncommitedBlobs: true })) {
    names.push(name.slice(prefix.length + 1));
  }
  return names;
}

type Faulty = Awaited<ReturnType<typeof faulty>>;

/** Uploads three parts and checks that the store holds exactly that, and nothing else. */
async function expectUpload({ uri, proxy, complete }: Faulty, options?: OpenBackendOptions): Promise<void> {
  const { path, bytes, sha256 } = sourceFile(2 * mebibyte + 12_345);
  const backend = await complete(options);
  const result = await uploadFile({ backend, key: 'key', source: { path }, crypto, partBytes: mebibyte });
  expect(result).toMatchObject({ sha256, sizeBytes: bytes.length, info: { size: bytes.length } });
  const stored = await place
    .container()
    .getBlobClient(`${uri.split('/').slice(4).join('/')}/key`)
    .downloadToBuffer();
  expect(stored.equals(bytes)).toBe(true);
  const left = (await blobsBelow(uri)).filter((name) => name !== 'key');
  // The beginning of an upload whose reply was lost; it is empty, and removed a week later.
  const forgotten = proxy.requests.filter(({ operation }) => operation === 'PutBlob').length - 1;
  expect(left.length).toBeLessThanOrEqual(forgotten);
  expect(proxy.pendingFaults()).toBe(0);
}

describe('an upload to Azure succeeds in spite of', () => {
  const operations: readonly AzureOperation[] = [
    'PutBlob',
    'PutBlock',
    'GetBlobProperties',
    'GetBlockList',
    'PutBlockList',
    'CopyBlob',
    'DeleteBlob',
  ];

  it.each(operations)('503 answers to %s, twice', async (operation) => {
    const there = await faulty();
    there.proxy.inject({ operation, fault: busy, times: 2 });
    await expectUpload(there);
  });

  it.each(operations)('a lost reply to %s, which was done', async (operation) => {
    const there = await faulty();
    there.proxy.inject({ operation, fault: { kind: 'drop-reply' } });
    await expectUpload(there);
  });

  it('a part that is never answered', async () => {
    const there = await faulty();
    there.proxy.inject({ operation: 'PutBlock', fault: { kind: 'never-answer' }, after: 1 });
    await expectUpload(there, { deadline: { callMs: 3_000, leastBytesPerSecond: 2 ** 40 } });
  });

  it('too many requests', async () => {
    const there = await faulty();
    const fault: AzureFault = { kind: 'status', status: 429, code: 'TooManyRequests' };
    there.proxy.inject({ operation: 'PutBlock', fault, times: 3 });
    await expectUpload(there);
  });
});

describe('an upload to Azure', () => {
  it('waits for a copy that takes its time, and asks until it is done', async () => {
    const { driver, proxy } = await faulty();
    const waited: number[] = [];
    const backend = await driver({
      clock: { now: Date.now, sleep: async (milliseconds) => void waited.push(milliseconds) },
    });
    const upload = await backend.createUpload('key');
    const part = await backend.uploadPart(upload, { number: 1, bytes: Buffer.from('content') });
    proxy.inject({ operation: 'CopyBlob', fault: { kind: 'copy-status', status: 'pending' } });
    // Before the copy, completing looks at the key and at the upload.
    const fault: AzureFault = { kind: 'copy-status', status: 'pending' };
    proxy.inject({ operation: 'GetBlobProperties', fault, after: 2, times: 3 });
    expect(await backend.completeUpload(upload, [part])).toMatchObject({ size: 7 });
    expect(waited).toHaveLength(3);
  });

  it('shows no object while a copy is in progress, or when it failed', async () => {
    const { driver, proxy } = await faulty();
    const backend = await driver();
    await backend.put('key', Buffer.from('content'));
    for (const status of ['pending', 'failed'] as const) {
      const fault: AzureFault = { kind: 'copy-status', status };
      proxy.inject({ operation: 'GetBlobProperties', fault });
      proxy.inject({ operation: 'GetBlob', fault });
      expect(await backend.stat('key')).toBeUndefined();
      await expect(backend.read('key')).rejects.toMatchObject({ code: 'storage_not_found' });
    }
    expect(await backend.stat('key')).toMatchObject({ size: 7 });
  });

  it('copies again after a copy that failed', async () => {
    const { driver, proxy } = await faulty();
    const backend = await driver();
    const upload = await backend.createUpload('key');
    const part = await backend.uploadPart(upload, { number: 1, bytes: Buffer.from('content') });
    proxy.inject({ operation: 'CopyBlob', fault: { kind: 'copy-status', status: 'pending' } });
    proxy.inject({
      operation: 'GetBlobProperties',
      fault: { kind: 'copy-status', status: 'failed' },
      after: 2,
      times: 2,
    });
    expect(await backend.completeUpload(upload, [part])).toMatchObject({ size: 7 });
    expect(proxy.requests.filter(({ operation }) => operation === 'CopyBlob')).toHaveLength(2);
  });

  it('is not disturbed by others that write the same key: every one of five succeeds', async () => {
    const { complete, uri } = await faulty();
    const backend = await complete();
    const sources = Array.from({ length: 5 }, () => sourceFile(2 * mebibyte + 1));
    const results = await Promise.all(
      sources.map(({ path }) =>
        uploadFile({ backend, key: 'key', source: { path }, crypto, partBytes: mebibyte }),
      ),
    );
    expect(results.map(({ sha256 }) => sha256)).toEqual(sources.map(({ sha256 }) => sha256));
    const target = join(temporaryFolder(), 'image');
    const last = await backend.stat('key');
    const winner = results.find(({ info }) => info.version === last?.version);
    await downloadFile({ backend, key: 'key', target, expected: { sha256: winner?.sha256 }, crypto });
    expect(await blobsBelow(uri)).toEqual(['key']);
  });

  it('is done when the next writer has replaced it before it could look', async () => {
    const { driver, proxy } = await faulty();
    const backend = await driver();
    const upload = await backend.createUpload('key');
    const part = await backend.uploadPart(upload, { number: 1, bytes: Buffer.from('content') });
    // What the next writer's object looks like to this one: there, and not its own.
    proxy.inject({ operation: 'GetBlobProperties', fault: { kind: 'other-token' }, after: 2 });
    expect(await backend.completeUpload(upload, [part])).toMatchObject({ key: 'key', size: 7 });
    expect(proxy.requests.filter(({ operation }) => operation === 'CopyBlob')).toHaveLength(1);
    expect(proxy.pendingFaults()).toBe(0);
  });

  it('is not lost when the key is put in the middle of it', async () => {
    const { driver } = await faulty();
    const backend = await driver();
    const upload = await backend.createUpload('key');
    const part = await backend.uploadPart(upload, { number: 1, bytes: Buffer.from('content') });
    await backend.put('key', Buffer.from('other'));
    await backend.completeUpload(upload, [part]);
    expect(await backend.stat('key')).toMatchObject({ size: 7 });
  });

  it('fails at once and leaves nothing when a part is refused for good', async () => {
    const { complete, proxy, uri } = await faulty();
    const backend = await complete();
    const fault: AzureFault = { kind: 'status', status: 403, code: 'AuthorizationPermissionMismatch' };
    proxy.inject({ operation: 'PutBlock', fault, after: 1, times: 10 });
    const { path } = sourceFile(3 * mebibyte);
    const upload = uploadFile({
      backend,
      key: 'key',
      source: { path },
      crypto,
      partBytes: mebibyte,
      concurrency: 1,
    });
    await expect(upload).rejects.toMatchObject({ kind: 'forbidden', persistence: 'permanent' });
    expect(proxy.requests.filter(({ operation }) => operation === 'PutBlock')).toHaveLength(2);
    expect(await blobsBelow(uri)).toEqual([]);
  });

  it('removes what was left a week ago when the next one begins, and not what is younger', async () => {
    const { driver, uri } = await faulty();
    const [old, left] = [await driver(), await driver()];
    await old.createUpload('key');
    const busyOne = await old.createUpload('other');
    await old.uploadPart(busyOne, { number: 1, bytes: Buffer.from('content') });
    await left.createUpload('key');
    expect(await blobsBelow(uri)).toHaveLength(3);
    const inAWeek = Date.now() + 8 * 24 * 3_600_000;
    const later = await driver({ clock: { now: () => inAWeek, sleep: async () => undefined } });
    const begun = await later.createUpload('key');
    // To a clock in the future the new one is old as well; it is begun again, as one that was swept.
    expect((await later.listParts(begun)).uploadKnown).toBe(false);
    expect((await old.listParts(busyOne)).parts).toHaveLength(1);
    expect(await blobsBelow(uri)).toHaveLength(1);
  });

  it('sends the checksum of every body that the profile asks for', async () => {
    const { driver, proxy } = await faulty();
    for (const [checksums, header] of [
      ['md5', expect.any(String)],
      ['none', undefined],
    ] as const) {
      const backend = await driver({ checksums });
      await backend.put('key', Buffer.from('content'));
      const upload = await backend.createUpload('other');
      await backend.uploadPart(upload, { number: 1, bytes: Buffer.from('content') });
      const bodies = proxy.requests.filter(({ headers }) => headers['content-length'] === '7');
      for (const { headers } of bodies.slice(-2)) expect(headers['content-md5']).toEqual(header);
    }
  });

  it('keeps the media type and the tier', async () => {
    const { driver, uri } = await faulty();
    const backend = await driver({ tier: 'Cool' });
    const upload = await backend.createUpload('key', { contentType: 'application/x-qemu-disk' });
    const part = await backend.uploadPart(upload, { number: 1, bytes: Buffer.from('content') });
    await backend.completeUpload(upload, [part]);
    const blob = place.container().getBlobClient(`${uri.split('/').slice(4).join('/')}/key`);
    const { contentType, accessTier } = await blob.getProperties();
    expect({ contentType, accessTier }).toEqual({
      contentType: 'application/x-qemu-disk',
      accessTier: 'Cool',
    });
  });
});

describe('a download from Azure', () => {
  async function stored(there: Faulty, sizeBytes = 300_000) {
    const bytes = randomBytes(sizeBytes);
    const backend = await there.complete({ deadline: { idleMs: 1_000 } });
    await backend.put('key', bytes);
    const target = join(temporaryFolder(), 'image');
    const expected = { sha256: crypto.sha256Hex(bytes), sizeBytes };
    const download = async () => {
      await downloadFile({ backend, key: 'key', target, expected, crypto });
      return readFileSync(target).equals(bytes);
    };
    return { backend, download };
  }

  it.each<AzureFault>([
    { kind: 'cut', afterBytes: 0 },
    { kind: 'cut', afterBytes: 1 },
    { kind: 'cut', afterBytes: 299_999 },
    { kind: 'stall', afterBytes: 100_000 },
    busy,
    { kind: 'status', status: 429, code: 'TooManyRequests' },
    { kind: 'drop-reply' },
  ])('goes on after %j', async (fault) => {
    const there = await faulty();
    const { download } = await stored(there);
    there.proxy.inject({ operation: 'GetBlob', fault });
    expect(await download()).toBe(true);
    expect(there.proxy.pendingFaults()).toBe(0);
  });

  it('is refused when the store sends other bytes than it was asked for', async () => {
    const there = await faulty();
    const { backend } = await stored(there);
    for (const fault of [{ kind: 'shift', bytes: 1 }, { kind: 'ignore-range' }] as const) {
      there.proxy.inject({ operation: 'GetBlob', fault });
      await expect(backend.read('key', { start: 5, end: 10 })).rejects.toMatchObject({ kind: 'integrity' });
    }
  });

  it('names the version when it goes on, and ends when the object was replaced', async () => {
    const there = await faulty();
    const { backend } = await stored(there);
    const first = await backend.stat('key');
    there.proxy.inject({ operation: 'GetBlob', fault: { kind: 'cut', afterBytes: 100_000 } });
    const { body } = await backend.read('key');
    await backend.put('key', randomBytes(300_000));
    const reading = (async () => {
      for await (const _ of body);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'storage_changed' });
    expect(there.proxy.requests.at(-1)?.operation).toBe('GetBlobProperties');
    expect(there.proxy.requests.at(-2)?.headers['if-match']).toBe(first?.version);
  });
});

describe('a small object in Azure', () => {
  it('is stored once in spite of a lost reply, although it had to be new', async () => {
    const { complete, proxy } = await faulty();
    const backend = await complete();
    proxy.inject({ operation: 'PutBlob', fault: { kind: 'drop-reply' } });
    const info = await backend.put('key', Buffer.from('content'), { ifAbsent: true });
    expect(info).toMatchObject({ key: 'key', size: 7 });
    expect(proxy.pendingFaults()).toBe(0);
  });
});

describe('what Azure answers', () => {
  it.each([
    [500, 'InternalError', 'transient', 'unavailable'],
    [500, 'OperationTimedOut', 'transient', 'unavailable'],
    [503, 'ServerBusy', 'transient', 'unavailable'],
    [429, 'TooManyRequests', 'transient', 'unavailable'],
    [400, 'InvalidHeaderValue', 'permanent', 'failed'],
    [403, 'AuthenticationFailed', 'permanent', 'unauthenticated'],
    [401, 'NoAuthenticationInformation', 'permanent', 'unauthenticated'],
    [403, 'AuthorizationFailure', 'permanent', 'forbidden'],
    [413, 'RequestBodyTooLarge', 'permanent', 'too_large'],
    [404, 'ContainerNotFound', 'permanent', 'not_found'],
  ])('%i %s is %s and %s', async (status, code, persistence, kind) => {
    const { driver, proxy, uri } = await faulty();
    const backend = await driver();
    proxy.inject({ operation: 'PutBlob', fault: { kind: 'status', status, code } });
    const put = backend.put('key', Buffer.from('x'));
    await expect(put).rejects.toMatchObject({ persistence, kind, context: { azure_code: code, status } });
    await expect(put).rejects.toThrow(StorageError);
    await expect(put).rejects.toThrow(`put of ${uri}/key`);
  });

  it('is transient when nobody answers at all, and when the connection breaks', async () => {
    const { driver, proxy } = await faulty();
    const backend = await driver();
    proxy.inject({ operation: 'PutBlob', fault: { kind: 'drop-reply' } });
    await expect(backend.put('key', Buffer.from('x'))).rejects.toMatchObject({ persistence: 'transient' });
    await proxy.stop();
    await expect(backend.stat('key')).rejects.toMatchObject({
      persistence: 'transient',
      kind: 'unavailable',
    });
  });

  it('tells of a container that is not there, and what to do', async () => {
    const uri = `azure-blob://${place.azurite().account}/not-there`;
    const backend = await openAzureBackend(uri, place.options());
    await expect(backend.put('key', Buffer.from('x'))).rejects.toThrow(
      /ContainerNotFound.*Create the container/,
    );
    await expect(backend.stat('key')).rejects.toThrow(StorageError);
    expect(await backend.probe()).toMatchObject({
      readable: false,
      writable: false,
      problem: expect.stringContaining('ContainerNotFound'),
    });
  });
});
