import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultyS3Server, S3Fault } from '@buildstate/conformance/backend';
import { IntegrityError, StorageChangedError, StorageError } from '@buildstate/core/light';
import { discardBody, downloadFile } from '@buildstate/transfer';
import { describe, expect, it } from 'vitest';
import type { OpenBackendOptions } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { complete, crypto, driver, faultyServer, mebibyte } from './faulty-place.ts';

const about = { contentType: 'application/octet-stream', metadata: {} };

function store(server: FaultyS3Server, sizeBytes: number) {
  const bytes = randomBytes(sizeBytes);
  server.state.put('bucket/key', bytes, about);
  return { bytes, expected: { sha256: crypto.sha256Hex(bytes), sizeBytes } };
}

/** Downloads the object and answers the bytes that arrived; on failure nothing may be there. */
async function download(
  server: FaultyS3Server,
  expected: object,
  options?: OpenBackendOptions,
): Promise<Buffer> {
  const folder = temporaryFolder();
  const target = join(folder, 'image');
  const backend = await complete(server, options);
  try {
    await downloadFile({ backend, key: 'key', target, expected, crypto });
    return readFileSync(target);
  } catch (error) {
    expect(readdirSync(folder)).toEqual([]);
    throw error;
  } finally {
    await backend.close();
  }
}

describe('a download goes on after', () => {
  const size = 300_000;

  it('a cut at any place: every byte position of the first and last, and many between', async () => {
    const server = await faultyServer();
    const { bytes, expected } = store(server, size);
    const edges = [0, 1, 2, 3, size - 3, size - 2, size - 1];
    const between = Array.from({ length: 25 }, (_, index) => 7919 * (index + 1));
    for (const afterBytes of [...edges, ...between]) {
      server.inject({ operation: 'GetObject', fault: { kind: 'cut', afterBytes } });
      expect((await download(server, expected)).equals(bytes)).toBe(true);
    }
    expect(server.pendingFaults()).toBe(0);
  });

  it('several cuts in one download, naming the version each time', async () => {
    const server = await faultyServer();
    const { bytes, expected } = store(server, size);
    server.inject({ operation: 'GetObject', fault: { kind: 'cut', afterBytes: 70_000 }, times: 4 });
    expect((await download(server, expected)).equals(bytes)).toBe(true);
    const gets = server.requests.filter(({ operation }) => operation === 'GetObject');
    expect(gets).toHaveLength(5);
    for (const { headers } of gets)
      expect(headers['if-match']).toBe(server.state.objects.get('bucket/key')?.etag);
    expect(gets[1]?.headers.range).toBe(`bytes=70000-${size - 1}`);
  });

  it('a body that stalls', async () => {
    const server = await faultyServer();
    const { bytes, expected } = store(server, size);
    for (const afterBytes of [0, 100_000]) {
      server.inject({ operation: 'GetObject', fault: { kind: 'stall', afterBytes } });
      expect((await download(server, expected, { deadline: { idleMs: 100 } })).equals(bytes)).toBe(true);
    }
  });

  it('a request that is never answered, and 503 answers', async () => {
    const server = await faultyServer();
    const { bytes, expected } = store(server, size);
    server.inject({
      operation: 'HeadObject',
      fault: { kind: 'status', status: 503, code: 'SlowDown' },
      times: 2,
    });
    server.inject({ operation: 'GetObject', fault: { kind: 'never-answer' } });
    server.inject({ operation: 'GetObject', fault: { kind: 'status', status: 500, code: 'InternalError' } });
    expect((await download(server, expected, { deadline: { callMs: 200 } })).equals(bytes)).toBe(true);
  });
});

describe('a download is refused when', () => {
  async function expectRefused(
    fault: S3Fault,
    after: number,
    kind: new (message: string) => Error,
  ): Promise<void> {
    const server = await faultyServer();
    const { expected } = store(server, 300_000);
    if (after > 0) server.inject({ operation: 'GetObject', fault: { kind: 'cut', afterBytes: 100_000 } });
    server.inject({ operation: 'GetObject', fault, times: 1 });
    await expect(download(server, expected)).rejects.toThrow(kind);
  }

  it('a bit is flipped', async () => {
    for (const at of [0, 150_000, 299_999]) await expectRefused({ kind: 'flip', at }, 0, IntegrityError);
  });

  it('the store serves fewer bytes than it has, and announces that many', async () => {
    await expectRefused({ kind: 'shorten', bytes: 1 }, 0, IntegrityError);
  });

  it('the continuation begins at another byte than was asked for', async () => {
    for (const bytes of [-1, 1, 1000]) await expectRefused({ kind: 'shift', bytes }, 1, StorageError);
  });

  it('the continuation is the whole object', async () => {
    await expectRefused({ kind: 'ignore-range' }, 1, StorageError);
  });

  it('the object stays damaged, however often it is read', async () => {
    const server = await faultyServer();
    const { expected } = store(server, 300_000);
    server.inject({
      operation: 'GetObject',
      fault: { kind: 'flip', at: 5 },
      times: Number.POSITIVE_INFINITY,
    });
    for (let round = 0; round < 3; round += 1) {
      await expect(download(server, expected)).rejects.toThrow(IntegrityError);
    }
  });
});

describe('an object that is replaced during a download', () => {
  it('is never mixed: the continuation is refused, and the download starts again with the new version', async () => {
    const server = await faultyServer();
    store(server, 300_000);
    const bytes = randomBytes(300_000);
    server.inject({ operation: 'GetObject', fault: { kind: 'cut', afterBytes: 100_000 } });
    server.inject({ operation: 'GetObject', fault: { kind: 'replace', bytes } });
    const arrived = await download(server, { sha256: crypto.sha256Hex(bytes) });
    expect(arrived.equals(bytes)).toBe(true);
  });

  it('is an error for a reader of the body', async () => {
    const server = await faultyServer();
    store(server, 300_000);
    const backend = await complete(server);
    server.inject({ operation: 'GetObject', fault: { kind: 'cut', afterBytes: 100_000 } });
    server.inject({ operation: 'GetObject', fault: { kind: 'replace', bytes: randomBytes(300_000) } });
    const { body } = await backend.read('key');
    const reading = (async () => {
      for await (const _ of body);
    })();
    await expect(reading).rejects.toThrow(StorageChangedError);
  });
});

describe('connections', () => {
  it('are given back by a thousand reads at once, finished, left in the middle or not begun', async () => {
    const server = await faultyServer();
    store(server, 200_000);
    // Waiting for one of the twenty counts as connecting, and a thousand reads take as long as the machine is slow.
    const backend = await driver(server, { maxSockets: 20, connectTimeoutMs: 120_000 });
    const reads = Array.from({ length: 1000 }, async (_, index) => {
      const { body } = await backend.read('key');
      if (index % 3 === 0) return await discardBody(body);
      for await (const _chunk of body) if (index % 3 === 1) return;
    });
    await Promise.all(reads);
    expect(await server.openConnections()).toBeLessThanOrEqual(20);
    await backend.close();
  });

  it('that hang do not keep others from being served', async () => {
    const server = await faultyServer();
    const { expected, bytes } = store(server, mebibyte);
    server.inject({ operation: 'GetObject', fault: { kind: 'stall', afterBytes: 10 }, times: 5 });
    const all = Array.from({ length: 20 }, () => download(server, expected, { deadline: { idleMs: 150 } }));
    for (const arrived of await Promise.all(all)) expect(arrived.equals(bytes)).toBe(true);
  });
});
