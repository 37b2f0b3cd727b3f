import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  openSync,
  renameSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { LogFields } from '@buildstate/core';
import { IntegrityError, StorageError, silentLogger } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { uploadFile } from '../../src/index.ts';
import { fakeBackend } from '../fake-backend.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { chunked, crypto, mebibyte } from '../tools.ts';

const failure = () => new StorageError('The disk of the store is full.', { kind: 'no_space' });

function fileWith(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'image.raw');
  writeFileSync(path, bytes);
  // Long ago, so that a change is seen also where the file system's clock ticks slowly.
  utimesSync(path, 1_000_000_000, 1_000_000_000);
  return path;
}

function editInPlace(path: string): void {
  const file = openSync(path, 'r+');
  writeSync(file, 'edited', 100);
  closeSync(file);
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => expect.fail('expected a rejection'),
    (error: unknown) => error,
  );
}

describe('a part that fails', () => {
  it.each([1, 2, 3, 4, 5, 6])('fails the upload when it is part %i, and leaves nothing', async (bad) => {
    const error = failure();
    const backend = fakeBackend({
      onPart({ number }) {
        if (number === bad) throw error;
      },
    });
    const source = { path: fileWith(randomBytes(6 * mebibyte)) };
    const upload = uploadFile({ backend, key: 'key', source, crypto, partBytes: mebibyte });
    expect(await rejection(upload)).toBe(error);
    expect(backend.objects.size).toBe(0);
    expect(backend.open.size).toBe(0);
  });

  it('stops the parts that are on their way, before the upload is given up', async () => {
    let running = 0;
    const atAbort: number[] = [];
    const backend = fakeBackend({
      async onPart({ number }, signal) {
        if (number === 3) throw failure();
        running += 1;
        await new Promise<void>((resolve) =>
          signal?.addEventListener('abort', () => setTimeout(resolve, 20)),
        );
        running -= 1;
        signal?.throwIfAborted();
      },
      onAbort: () => void atAbort.push(running),
    });
    const source = { path: fileWith(randomBytes(8 * mebibyte)) };
    await rejection(uploadFile({ backend, key: 'key', source, crypto, partBytes: mebibyte }));
    expect(atAbort).toEqual([0]);
  });

  it('is noticed when the store accepted another number or size than was sent', async () => {
    const wrongs = [
      { number: 7, size: mebibyte },
      { number: 2, size: mebibyte - 1 },
    ];
    for (const wrong of wrongs) {
      const backend = fakeBackend({
        partAnswer: (part) => (part.number === 2 ? { ...part, ...wrong } : part),
      });
      const source = { path: fileWith(randomBytes(3 * mebibyte)) };
      const upload = uploadFile({ backend, key: 'key', source, crypto, partBytes: mebibyte });
      expect(await rejection(upload)).toBeInstanceOf(IntegrityError);
      expect(backend.objects.size + backend.open.size).toBe(0);
    }
  });
});

describe('other failures', () => {
  it('of the completion give the upload up', async () => {
    const error = failure();
    const backend = fakeBackend({
      onComplete() {
        throw error;
      },
    });
    const source = { path: fileWith(randomBytes(3 * mebibyte)) };
    expect(await rejection(uploadFile({ backend, key: 'key', source, crypto, partBytes: mebibyte }))).toBe(
      error,
    );
    expect(backend.open.size).toBe(0);
  });

  it('of giving up do not hide the first one, and are logged', async () => {
    const warnings: LogFields[] = [];
    const logger = { ...silentLogger, warn: (fields: LogFields) => void warnings.push(fields) };
    const error = failure();
    const backend = fakeBackend({
      onComplete() {
        throw error;
      },
      onAbort() {
        throw new Error('the store is gone');
      },
    });
    const source = { path: fileWith(randomBytes(3 * mebibyte)) };
    const upload = uploadFile({ backend, key: 'key', source, crypto, partBytes: mebibyte, logger });
    expect(await rejection(upload)).toBe(error);
    expect(warnings).toMatchObject([{ key: 'key' }]);
  });

  it('of the progress listener fail the upload', async () => {
    const error = new Error('listener');
    const onProgress = () => {
      throw error;
    };
    const backend = fakeBackend();
    const source = { path: fileWith(randomBytes(3 * mebibyte)) };
    const upload = uploadFile({ backend, key: 'key', source, crypto, partBytes: mebibyte, onProgress });
    expect(await rejection(upload)).toBe(error);
    expect(backend.objects.size + backend.open.size).toBe(0);
  });

  it('of the store to show the size that was sent are an integrity error', async () => {
    const backend = fakeBackend({ info: (info) => ({ ...info, size: info.size - 1 }) });
    const source = { path: fileWith(randomBytes(1000)) };
    expect(await rejection(uploadFile({ backend, key: 'key', source, crypto }))).toBeInstanceOf(
      IntegrityError,
    );
  });

  it('of a stream are passed on, and the stream is closed', async () => {
    const error = new Error('the pipe broke');
    let closed = false;
    async function* stream() {
      try {
        yield randomBytes(3 * mebibyte);
        throw error;
      } finally {
        closed = true;
      }
    }
    const backend = fakeBackend();
    const upload = uploadFile({
      backend,
      key: 'key',
      source: { stream: stream() },
      crypto,
      partBytes: mebibyte,
    });
    expect(await rejection(upload)).toBe(error);
    expect(closed).toBe(true);
    expect(backend.objects.size + backend.open.size).toBe(0);
  });

  it('of a part end the reading of a stream that has no end', async () => {
    async function* stream() {
      for (;;) yield new Uint8Array(100_000);
    }
    const backend = fakeBackend({
      onPart({ number }) {
        if (number === 3) throw failure();
      },
    });
    const upload = uploadFile({
      backend,
      key: 'key',
      source: { stream: stream() },
      crypto,
      partBytes: mebibyte,
    });
    expect(await rejection(upload)).toBeInstanceOf(StorageError);
  });
});

describe('a source that changes while it is uploaded', () => {
  const changes: readonly (readonly [string, (path: string) => void])[] = [
    ['is edited in place, by as many bytes', editInPlace],
    ['grows', (path) => appendFileSync(path, 'more')],
    ['shrinks by a byte', (path) => truncateSync(path, 6 * mebibyte - 1)],
    ['is cut to nothing', (path) => truncateSync(path, 0)],
    ['is touched', (path) => utimesSync(path, 1, 1)],
  ];

  it.each(changes)('is refused when it %s', async (_, change) => {
    const path = fileWith(randomBytes(6 * mebibyte));
    const backend = fakeBackend({
      onPart({ number }) {
        if (number === 2) change(path);
      },
    });
    const options = { backend, key: 'key', source: { path }, crypto, partBytes: mebibyte, concurrency: 1 };
    expect(await rejection(uploadFile({ ...options, memoryBudgetBytes: mebibyte }))).toBeInstanceOf(
      IntegrityError,
    );
    expect(backend.objects.size + backend.open.size).toBe(0);
  });

  it('is what it was when another file takes its name', async () => {
    const bytes = randomBytes(6 * mebibyte);
    const path = fileWith(bytes);
    writeFileSync(`${path}.new`, 'another');
    const backend = fakeBackend({
      onPart({ number }) {
        if (number === 2) renameSync(`${path}.new`, path);
      },
    });
    await uploadFile({ backend, key: 'key', source: { path }, crypto, partBytes: mebibyte });
    expect(backend.objects.get('key')?.equals(bytes)).toBe(true);
  });

  it.each([-1, 1, -100_000, 100_000])(
    'is refused when a stream is %i bytes off its promised size',
    async (off) => {
      const bytes = randomBytes(400_000);
      for (const partBytes of [100_000, 1_000_000]) {
        const backend = fakeBackend({}, { maxPutBytes: 450_000 });
        const source = { stream: chunked(bytes, 999), sizeBytes: bytes.length - off };
        const upload = uploadFile({ backend, key: 'key', source, crypto, partBytes });
        expect(await rejection(upload)).toBeInstanceOf(IntegrityError);
        expect(backend.objects.size + backend.open.size).toBe(0);
      }
    },
  );
});

describe('an aborted upload', () => {
  it('ends with the reason, at every part, and leaves nothing', async () => {
    for (let part = 1; part <= 4; part += 1) {
      const controller = new AbortController();
      const reason = new Error('no longer wanted');
      const backend = fakeBackend({
        onPart({ number }) {
          if (number === part) controller.abort(reason);
        },
      });
      const source = { path: fileWith(randomBytes(4 * mebibyte)) };
      const options = { backend, key: 'key', source, crypto, partBytes: mebibyte, signal: controller.signal };
      expect(await rejection(uploadFile(options))).toBe(reason);
      expect(backend.objects.size + backend.open.size).toBe(0);
    }
  });

  it('ends at once while a stream is silent', async () => {
    async function* stream() {
      yield randomBytes(10);
      await new Promise(() => undefined);
    }
    const backend = fakeBackend();
    const controller = new AbortController();
    const source = { stream: stream() };
    const upload = uploadFile({ backend, key: 'key', source, crypto, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('no longer wanted')), 30);
    await expect(upload).rejects.toThrow('no longer wanted');
    expect(backend.objects.size + backend.open.size).toBe(0);
  });

  it('does not begin when it was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('no longer wanted'));
    const upload = uploadFile({
      backend: fakeBackend(),
      key: 'key',
      source: { path: '/not/there' },
      crypto,
      signal,
    });
    await expect(upload).rejects.toThrow('no longer wanted');
  });
});
