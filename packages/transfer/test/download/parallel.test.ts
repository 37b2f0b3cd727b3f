import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntegrityError, StorageChangedError, StorageError } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { downloadFile } from '../../src/index.ts';
import { type FakeHooks, fakeBackend } from '../fake-backend.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { chunked, mebibyte, sha256 } from '../tools.ts';

const pieceBytes = 65_536;
const size = 10 * pieceBytes + 7;
const bytes = randomBytes(size);

async function place(hooks: FakeHooks = {}, content = bytes) {
  const backend = fakeBackend(hooks);
  await backend.put('key', content);
  const folder = temporaryFolder();
  const target = join(folder, 'image.raw');
  const expected = { sha256: sha256(content), sizeBytes: content.length };
  return { backend, folder, target, options: { backend, key: 'key', target, expected, pieceBytes } };
}

/** A gate that opens when so many have come to it. */
function gate(count: number): () => Promise<void> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  let arrived = 0;
  return async () => {
    arrived += 1;
    if (arrived === count) open();
    await opened;
  };
}

describe('a download in parallel', () => {
  it('asks for several ranges at once, and delivers them in their places', async () => {
    const allHere = gate(3);
    const { target, options } = await place({
      // Nothing is answered before three requests are there: with fewer at once this would never end.
      async *body(range, reads) {
        if (reads <= 3) await allHere();
        yield* chunked(range, 1000);
      },
    });
    await downloadFile({ ...options, lanes: 3 });
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it('delivers whatever order the ranges arrive in, hashed in this thread or another one', async () => {
    const large = randomBytes(6 * mebibyte + 1);
    for (const crypto of [undefined, (await import('../tools.ts')).crypto]) {
      const lastComes = gate(2);
      const { target, options } = await place(
        {
          async *body(range, _reads, { start, end }) {
            // The first piece waits for the last one.
            if (start === 0 || end === large.length) await lastComes();
            yield* chunked(range, 100_000);
          },
        },
        large,
      );
      const result = await downloadFile({ ...options, pieceBytes: mebibyte, lanes: 7, crypto });
      expect(readFileSync(target).equals(large)).toBe(true);
      expect(result).toMatchObject({ sha256: sha256(large), sizeBytes: large.length, resumedBytes: 0 });
    }
  });

  it('may be lent one buffer for all chunks of a request', async () => {
    const { target, options } = await place({
      async *body(range) {
        const lent = Buffer.alloc(1000);
        for (let at = 0; at < range.length; at += lent.length) {
          const count = range.copy(lent, 0, at);
          yield lent.subarray(0, count);
          lent.fill(0xee);
        }
      },
    });
    await downloadFile(options);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it('gives all other requests up when one fails, and leaves nothing', async () => {
    const allHere = gate(4);
    const { backend, folder, options } = await place({
      async *body(range, _reads, { start }) {
        await allHere();
        if (start === pieceBytes) throw new StorageError('Refused.', { kind: 'forbidden' });
        yield range.subarray(0, 10);
        await new Promise(() => undefined);
      },
    });
    await expect(downloadFile(options)).rejects.toThrow('Refused.');
    expect(backend.reads.count).toBe(4);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('no range of a download in parallel may be', () => {
  it.each([
    ['too short', (range: Buffer) => range.subarray(1)],
    ['too long', (range: Buffer) => Buffer.concat([range, Buffer.of(0)])],
    ['empty', () => Buffer.alloc(0)],
    ['another one of the same length', (range: Buffer) => Buffer.from(range).reverse()],
  ])('%s', async (_, change) => {
    for (const bad of [0, 4, 10]) {
      const { folder, options } = await place({
        body: (range, _reads, { start }) =>
          chunked(start === bad * pieceBytes ? change(range) : range, 10_000),
      });
      await expect(downloadFile(options)).rejects.toThrow(IntegrityError);
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('of another version: the download starts again once, whole, with the new one', async () => {
    const second = randomBytes(size);
    const setup = await place({
      async *body(range, reads) {
        yield* chunked(range, 10_000);
        // From now on requests for the first version are refused.
        if (reads === 5) await setup.backend.put('key', second);
      },
    });
    const result = await downloadFile({ ...setup.options, expected: { sha256: sha256(second) } });
    expect(readFileSync(setup.target).equals(second)).toBe(true);
    expect(result.resumedBytes).toBe(0);
    expect(readdirSync(setup.folder)).toEqual(['image.raw']);
  });

  it('of another version, also from a store that ignores the condition', async () => {
    let asked = 0;
    const { folder, options } = await place({
      // Stat is asked once per try; what reads answer is another version.
      info(info) {
        asked += 1;
        return { ...info, version: String(asked) };
      },
    });
    const { backend } = options;
    const careless = {
      ...backend,
      read: (key: string, wanted: object) => backend.read(key, { ...wanted, ifVersion: undefined }),
    };
    await expect(downloadFile({ ...options, backend: careless })).rejects.toThrow(StorageChangedError);
    expect(readdirSync(folder)).toEqual([]);
  });
});
