import type { ArtifactBackend, ReadResult } from '@buildstate/core';
import { StorageError, StorageExistsError } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { withRetry } from '../../src/index.ts';
import { failingBackend, permanent, transient } from './failing-backend.ts';
import { steppingClock } from './stepping-clock.ts';

const content = Buffer.from('0123456789');

async function collect(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a call that fails', () => {
  it('is repeated while that can help, and its waits double up to their limit', async () => {
    const { backend, failures, calls } = failingBackend();
    const clock = steppingClock();
    const options = { clock, attempts: 6, initialDelayMs: 100, maxDelayMs: 500, random: () => 1 };
    failures.push(...Array.from({ length: 5 }, transient));
    expect(await withRetry(backend, options).stat('key')).toBeUndefined();
    expect(calls).toHaveLength(6);
    expect(clock.sleeps).toEqual([100, 200, 400, 500, 500]);
  });

  it('waits anything between nothing and the upper end', async () => {
    const { backend, failures } = failingBackend();
    const clock = steppingClock();
    const randoms = [0, 0.5, 0.25];
    failures.push(...Array.from({ length: 3 }, transient));
    await withRetry(backend, { clock, initialDelayMs: 100, random: () => randoms.shift() ?? 0 }).stat('key');
    expect(clock.sleeps).toEqual([0, 100, 100]);
  });

  it('is given up after the last try, with its own error', async () => {
    const { backend, failures, calls } = failingBackend();
    const errors = Array.from({ length: 3 }, transient);
    failures.push(...errors);
    const retrying = withRetry(backend, { clock: steppingClock(), attempts: 3 });
    await expect(retrying.stat('key')).rejects.toBe(errors[2]);
    expect(calls).toHaveLength(3);
  });

  it('is given up when the time is used up', async () => {
    const { backend, failures, calls } = failingBackend();
    const clock = steppingClock();
    failures.push(...Array.from({ length: 50 }, transient));
    const options = {
      clock,
      attempts: 50,
      initialDelayMs: 1000,
      maxDelayMs: 1000,
      budgetMs: 3500,
      random: () => 1,
    };
    await expect(withRetry(backend, options).stat('key')).rejects.toThrow('Come again.');
    expect(calls).toHaveLength(4);
    expect(clock.monotonic()).toBeLessThanOrEqual(3500);
  });

  it.each([
    ['permanently', permanent()],
    ['with an error of another kind', new TypeError('a bug')],
  ])('%s is not repeated', async (_, error) => {
    const { backend, failures, calls } = failingBackend();
    failures.push(error);
    await expect(withRetry(backend, { clock: steppingClock() }).stat('key')).rejects.toBe(error);
    expect(calls).toHaveLength(1);
  });

  it('is not repeated once its signal has aborted', async () => {
    const { backend, failures, calls } = failingBackend();
    const controller = new AbortController();
    const clock = { ...steppingClock(), sleep: async () => controller.abort(new Error('enough')) };
    failures.push(...Array.from({ length: 5 }, transient));
    const stat = withRetry(backend, { clock }).stat('key', { signal: controller.signal });
    await expect(stat).rejects.toThrow('enough');
    expect(calls).toHaveLength(2);
  });

  it('is repeated whichever it is', async () => {
    const { backend, failures, calls } = failingBackend();
    const retrying = withRetry(backend, { clock: steppingClock() });
    const once = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      failures.push(transient());
      return await call();
    };
    await once(() => retrying.put('key', content));
    const { info, body } = await once(() => retrying.read('key', { start: 8 }));
    expect(info.size).toBe(10);
    expect(await collect(body)).toBe('89');
    const upload = await once(() => retrying.createUpload('other'));
    const part = await once(() => retrying.uploadPart(upload, { number: 1, bytes: content }));
    await once(() => retrying.listParts(upload));
    await once(() => retrying.completeUpload(upload, [part]));
    await once(() => retrying.abortUpload(upload));
    await once(() => retrying.delete('key'));
    await once(() => retrying.probe());
    expect(calls.filter((call, index) => calls.indexOf(call) === index)).toHaveLength(9);
    expect(calls).toHaveLength(18);
  });
});

describe('a conditional put', () => {
  it('whose reply was lost has succeeded if the bytes are there', async () => {
    const { backend } = failingBackend();
    let lost = true;
    const losing: ArtifactBackend = {
      ...backend,
      async put(key, body, options) {
        const info = await backend.put(key, body, options);
        if (lost) {
          lost = false;
          throw transient();
        }
        return info;
      },
    };
    const info = await withRetry(losing, { clock: steppingClock() }).put('key', content, { ifAbsent: true });
    expect(info).toMatchObject({ size: 10 });
  });

  it('has failed if other bytes are there, or if its first try says so', async () => {
    const { backend, failures } = failingBackend();
    const retrying = withRetry(backend, { clock: steppingClock() });
    await backend.put('key', content);
    await expect(retrying.put('key', content, { ifAbsent: true })).rejects.toThrow(StorageExistsError);
    failures.push(transient());
    const put = retrying.put('key', Buffer.from('other'), { ifAbsent: true });
    await expect(put).rejects.toThrow(StorageExistsError);
  });
});

describe('a body that breaks off', () => {
  /** Delivers one byte per chunk and breaks off before the bytes whose positions are given, once each. */
  async function breaking(positions: number[]) {
    const { backend, calls, failures } = failingBackend();
    await backend.put('key', content);
    const reads: unknown[] = [];
    const broken: ArtifactBackend = {
      ...backend,
      async read(key, options = {}): Promise<ReadResult> {
        reads.push({ start: options.start ?? 0, ifVersion: options.ifVersion });
        const { body, info } = await backend.read(key, options);
        async function* bytes() {
          let position = options.start ?? 0;
          for await (const chunk of body) {
            for (const byte of chunk) {
              const at = positions.indexOf(position);
              if (at !== -1) {
                positions.splice(at, 1);
                throw transient();
              }
              yield Uint8Array.of(byte);
              position += 1;
            }
          }
        }
        return { body: bytes(), info };
      },
    };
    return { backend: broken, reads, calls, failures };
  }

  it('goes on at the byte where it stopped, with the same version', async () => {
    const { backend, reads } = await breaking([0, 3, 9]);
    const { body, info } = await withRetry(backend, { clock: steppingClock() }).read('key');
    expect(await collect(body)).toBe('0123456789');
    const ifVersion = info.version;
    const continuations = [0, 3, 9].map((start) => ({ start, ifVersion }));
    expect(reads).toEqual([{ start: 0, ifVersion: undefined }, ...continuations]);
  });

  it('keeps to its range', async () => {
    const { backend } = await breaking([4, 6]);
    const { body } = await withRetry(backend, { clock: steppingClock() }).read('key', { start: 3, end: 8 });
    expect(await collect(body)).toBe('34567');
  });

  it('is tried again also when the continuation fails to begin', async () => {
    const { backend, failures } = await breaking([5]);
    const { body } = await withRetry(backend, { clock: steppingClock() }).read('key');
    const iterator = body[Symbol.asyncIterator]();
    for (let count = 0; count < 5; count += 1) await iterator.next();
    failures.push(transient(), transient());
    expect((await iterator.next()).value).toEqual(Uint8Array.of(content[5] ?? 0));
  });

  it('again and again without getting on is given up', async () => {
    const { backend, reads } = await breaking([2, 2, 2, 2, 2, 2, 2, 2]);
    const { body } = await withRetry(backend, { clock: steppingClock(), attempts: 3 }).read('key');
    await expect(collect(body)).rejects.toThrow(StorageError);
    expect(reads).toHaveLength(3);
  });
});

describe('a listing that breaks off', () => {
  it('goes on after the last object, without naming one twice', async () => {
    const { backend } = failingBackend();
    const keys = ['a', 'b', 'c/d', 'é', '🎉'];
    for (const key of keys) await backend.put(key, content);
    let breaks = 0;
    const broken: ArtifactBackend = {
      ...backend,
      async *list(prefix, options) {
        let count = 0;
        for await (const object of backend.list(prefix, options)) {
          if (count === breaks && breaks < 5) {
            breaks += 1;
            throw transient();
          }
          count += 1;
          yield object;
        }
      },
    };
    const listed: string[] = [];
    for await (const { key } of withRetry(broken, { clock: steppingClock() }).list('')) listed.push(key);
    expect(listed).toEqual(keys);
    expect(breaks).toBe(5);
  });
});
