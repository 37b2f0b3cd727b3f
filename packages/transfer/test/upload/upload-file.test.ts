import { randomBytes } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntegrityError, LimitError, NotFoundError, ValidationError } from '@buildstate/core/light';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TransferProgress, uploadFile } from '../../src/index.ts';
import { type FakeBackend, fakeBackend } from '../fake-backend.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { chunked, crypto, mebibyte, sha256 } from '../tools.ts';

function fileWith(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'image.raw');
  writeFileSync(path, bytes);
  return path;
}

function expectStored(backend: FakeBackend, bytes: Buffer): void {
  expect(backend.objects.get('key')?.equals(bytes)).toBe(true);
  expect(backend.open.size).toBe(0);
}

describe('uploading a file', () => {
  it.each([0, 1, 65_536, mebibyte, mebibyte + 1, 3 * mebibyte, 3 * mebibyte + 4567])(
    'stores and hashes %i bytes',
    async (size) => {
      const bytes = randomBytes(size);
      const backend = fakeBackend({}, { maxPutBytes: mebibyte });
      const source = { path: fileWith(bytes) };
      const result = await uploadFile({ backend, key: 'key', source, crypto, partBytes: mebibyte });
      expect(result).toMatchObject({ key: 'key', sizeBytes: size, sha256: sha256(bytes), info: { size } });
      expectStored(backend, bytes);
    },
  );

  it('sends parts in parallel, but no more than it was told, and not more memory than it was told', async () => {
    const bytes = randomBytes(20 * mebibyte);
    const backend = fakeBackend({ onPart: () => new Promise((resolve) => setTimeout(resolve, 5)) });
    const source = { path: fileWith(bytes) };
    await uploadFile({ backend, key: 'key', source, crypto, partBytes: mebibyte, concurrency: 3 });
    expectStored(backend, bytes);
    expect(backend.most.parts).toBe(3);

    const narrow = fakeBackend({ onPart: () => new Promise((resolve) => setTimeout(resolve, 5)) });
    const options = { backend: narrow, key: 'key', source, crypto, partBytes: mebibyte, concurrency: 8 };
    await uploadFile({ ...options, memoryBudgetBytes: 4 * mebibyte });
    expectStored(narrow, bytes);
    expect(narrow.most.bytes).toBeLessThanOrEqual(4 * mebibyte);
  });

  it('sends offsets that fit together, whatever order parts finish in', async () => {
    const seen = new Map<number, number>();
    const backend = fakeBackend({
      async onPart({ number, offset = -1 }) {
        seen.set(number, offset);
        await new Promise((resolve) => setTimeout(resolve, number % 3 === 0 ? 10 : 1));
      },
    });
    const bytes = randomBytes(7 * mebibyte + 5);
    await uploadFile({ backend, key: 'key', source: { path: fileWith(bytes) }, crypto, partBytes: mebibyte });
    expectStored(backend, bytes);
    expect([...seen].toSorted(([a], [b]) => a - b)).toEqual(
      Array.from({ length: 8 }, (_, index) => [index + 1, index * mebibyte]),
    );
  });

  it('tells progress that only grows and ends with everything', async () => {
    const seen: TransferProgress[] = [];
    const source = { path: fileWith(randomBytes(5 * mebibyte)) };
    const onProgress = (progress: TransferProgress) => seen.push(progress);
    await uploadFile({ backend: fakeBackend(), key: 'key', source, crypto, partBytes: mebibyte, onProgress });
    expect(seen.map(({ transferredBytes }) => transferredBytes)).toEqual(
      [1, 2, 3, 4, 5].map((part) => part * mebibyte),
    );
    expect(seen.every(({ totalBytes, elapsedMs }) => totalBytes === 5 * mebibyte && elapsedMs >= 0)).toBe(
      true,
    );
  });

  it('hands the content type on', async () => {
    const types: unknown[] = [];
    const backend = fakeBackend();
    const spying = {
      ...backend,
      createUpload: (key: string, options?: { contentType?: string }) => {
        types.push(options?.contentType);
        return backend.createUpload(key, options);
      },
    };
    const source = { path: fileWith(randomBytes(2 * mebibyte)) };
    const contentType = 'application/x-qcow2';
    await uploadFile({ backend: spying, key: 'key', source, crypto, partBytes: mebibyte, contentType });
    expect(types).toEqual([contentType]);
  });

  it('tells the format of the bytes', async () => {
    const header = Buffer.alloc(2 * mebibyte);
    header.write('QFI\xfb', 'latin1');
    header.writeBigUInt64BE(10n * 1024n ** 3n, 24);
    const source = { path: fileWith(header) };
    const result = await uploadFile({
      backend: fakeBackend(),
      key: 'key',
      source,
      crypto,
      partBytes: mebibyte,
    });
    expect(result).toMatchObject({ format: 'qcow2', virtualSizeBytes: 10 * 1024 ** 3 });
  });

  it('names what is wrong with the source', async () => {
    const folder = temporaryFolder();
    const options = { backend: fakeBackend(), key: 'key', crypto };
    await expect(uploadFile({ ...options, source: { path: join(folder, 'none') } })).rejects.toThrow(
      NotFoundError,
    );
    await expect(uploadFile({ ...options, source: { path: folder } })).rejects.toThrow(/is a folder/);
  });

  it('refuses hostile keys and senseless numbers before it reads anything', async () => {
    const backend = fakeBackend();
    const source = { path: '/not/there' };
    await expect(uploadFile({ backend, key: '../key', source, crypto })).rejects.toThrow(ValidationError);
    for (const wrong of [0, -1, 1.5, Number.NaN]) {
      const options = { backend, key: 'key', source, crypto };
      await expect(uploadFile({ ...options, partBytes: wrong })).rejects.toThrow(/partBytes/);
      await expect(uploadFile({ ...options, concurrency: wrong })).rejects.toThrow(/concurrency/);
    }
  });

  it('refuses a file beyond the limit without sending a byte', async () => {
    const backend = fakeBackend();
    const source = { path: fileWith(randomBytes(1001)) };
    await expect(uploadFile({ backend, key: 'key', source, crypto, limit: 1000 })).rejects.toThrow(
      LimitError,
    );
    expect(backend.objects.size).toBe(0);
    await uploadFile({ backend, key: 'key', source, crypto, limit: 1001 });
    expect(backend.objects.size).toBe(1);
  });
});

describe('uploading a file that a thread reads and hashes', () => {
  it.each([2, 3, 17])('stores and hashes %i parts, in the memory it was given', async (parts) => {
    const bytes = randomBytes(parts * 100_000 - 1);
    const backend = fakeBackend({ onPart: () => new Promise((resolve) => setTimeout(resolve, 2)) });
    const source = { path: fileWith(bytes) };
    const options = { backend, key: 'key', source, partBytes: 100_000, memoryBudgetBytes: 300_000 };
    const result = await uploadFile({ ...options, concurrency: 4 });
    expect(result).toMatchObject({ sha256: sha256(bytes), sizeBytes: bytes.length });
    expectStored(backend, bytes);
    expect(backend.most.bytes).toBeLessThanOrEqual(300_000);
  });

  it('tells the format by the first and the last bytes', async () => {
    const header = Buffer.alloc(300_000);
    header.write('QFI\xfb', 'latin1');
    header.writeBigUInt64BE(10n * 1024n ** 3n, 24);
    const source = { path: fileWith(header) };
    const result = await uploadFile({ backend: fakeBackend(), key: 'key', source, partBytes: 100_000 });
    expect(result).toMatchObject({ format: 'qcow2', virtualSizeBytes: 10 * 1024 ** 3 });
  });

  it('refuses a file that becomes shorter while it is read, and leaves nothing', async () => {
    const path = fileWith(randomBytes(50 * 100_000));
    let cut = false;
    const onPart = () => {
      if (!cut) truncateSync(path, 1000);
      cut = true;
    };
    const backend = fakeBackend({ onPart });
    const upload = uploadFile({ backend, key: 'key', source: { path }, partBytes: 100_000, concurrency: 1 });
    await expect(upload).rejects.toThrow(IntegrityError);
    expect(backend.open.size + backend.objects.size).toBe(0);
  });

  it('ends with its signal, and with what a part failed with', async () => {
    const path = fileWith(randomBytes(50 * 100_000));
    const stop = new AbortController();
    const backend = fakeBackend({ onPart: () => stop.abort(new Error('enough')) });
    const options = { backend, key: 'key', source: { path }, partBytes: 100_000 };
    await expect(uploadFile({ ...options, signal: stop.signal })).rejects.toThrow('enough');
    const failing = fakeBackend({ onPart: () => Promise.reject(new Error('no')) });
    await expect(uploadFile({ ...options, backend: failing })).rejects.toThrow('no');
    expect(failing.open.size + failing.objects.size).toBe(0);
  });
});

describe('uploading a stream', () => {
  it('stores the same bytes for any length and any chunks', async () => {
    const shapes = fc.record({
      size: fc.nat({ max: 300_000 }),
      chunk: fc.integer({ min: 1, max: 200_000 }),
      partBytes: fc.integer({ min: 10_000, max: 150_000 }),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ size, chunk, partBytes }) => {
        const bytes = randomBytes(size);
        const backend = fakeBackend({}, { maxPutBytes: 50_000 });
        const source = { stream: chunked(bytes, chunk) };
        const result = await uploadFile({ backend, key: 'key', source, crypto, partBytes });
        expect(result).toMatchObject({ sizeBytes: size, sha256: sha256(bytes) });
        expectStored(backend, bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('skips empty chunks', async () => {
    async function* stream() {
      for (const text of ['', 'a', '', '', 'b', '']) yield new TextEncoder().encode(text);
    }
    const backend = fakeBackend();
    await uploadFile({ backend, key: 'key', source: { stream: stream() }, crypto });
    expect(backend.objects.get('key')?.toString()).toBe('ab');
  });

  it('lets the stream reuse its chunk', async () => {
    async function* stream() {
      const chunk = new Uint8Array(1000);
      for (let value = 0; value < 50; value += 1) yield chunk.fill(value);
    }
    const backend = fakeBackend({}, { maxPutBytes: 100 });
    await uploadFile({ backend, key: 'key', source: { stream: stream() }, crypto, partBytes: 7001 });
    const expected = Buffer.concat(Array.from({ length: 50 }, (_, value) => Buffer.alloc(1000, value)));
    expectStored(backend, expected);
  });

  it('refuses a stream beyond the limit and leaves nothing', async () => {
    const backend = fakeBackend({}, { maxPutBytes: 100 });
    const source = { stream: chunked(randomBytes(500_000), 1000) };
    const upload = uploadFile({ backend, key: 'key', source, crypto, partBytes: 100_000, limit: 450_000 });
    await expect(upload).rejects.toThrow(/exceeds limit/);
    expect(backend.objects.size + backend.open.size).toBe(0);
  });

  it('refuses a stream of texts', async () => {
    async function* stream() {
      yield 'text' as unknown as Uint8Array;
    }
    const upload = uploadFile({ backend: fakeBackend(), key: 'key', source: { stream: stream() }, crypto });
    await expect(upload).rejects.toThrow(/Uint8Array/);
  });
});
