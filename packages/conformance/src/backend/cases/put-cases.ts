import { randomBytes } from 'node:crypto';
import { StorageError, StorageExistsError } from '@buildstate/core';
import { expect, it } from 'vitest';
import { type BackendBench, bytes, when } from '../bench.ts';

const keys = [
  'a',
  'a/b/c/d/e/f/g',
  'with blank/and more',
  'percent%2Fencoded%00',
  'plus+and&and=and?and#',
  'quote"apostrophe\'<tag>',
  '.hidden/.file',
  'ümläut/日本語/🎉',
  `long/${'x'.repeat(255)}`,
  Array.from({ length: 18 }, (_, index) => String(index).padStart(49, 'y')).join('/'),
];

/** What `put` promises. */
export function putCases(bench: BackendBench): void {
  const { backend, bytesOf, traits } = bench;

  it('stores every value that a byte can have', async () => {
    const content = Uint8Array.from({ length: 256 }, (_, index) => index);
    await backend().put('key', content);
    expect(new Uint8Array(await bytesOf('key'))).toEqual(content);
  });

  it('answers the size', async () => {
    expect(await backend().put('key', bytes('12345'))).toMatchObject({ key: 'key', size: 5 });
  });

  it('replaces an object', async () => {
    await backend().put('key', bytes('a long first text'));
    await backend().put('key', bytes('short'));
    expect((await bytesOf('key')).toString()).toBe('short');
  });

  it('takes a body of exactly the largest size', async () => {
    const content = randomBytes(Math.min(backend().capabilities.maxPutBytes, 16 * 1024 * 1024));
    await backend().put('key', content);
    expect((await bytesOf('key')).equals(content)).toBe(true);
  });

  it('refuses a larger body, permanently, and stores nothing', async () => {
    const body = Buffer.alloc(backend().capabilities.maxPutBytes + 1);
    const failure = { persistence: 'permanent', kind: 'too_large' };
    await expect(backend().put('key', body)).rejects.toMatchObject(failure);
    await expect(backend().put('key', body)).rejects.toThrow(StorageError);
    expect(await backend().stat('key')).toBeUndefined();
  });

  it('has taken its own copy of the bytes when it answers', async () => {
    const body = Buffer.from('before');
    await backend().put('key', body);
    body.fill(0);
    expect((await bytesOf('key')).toString()).toBe('before');
  });

  it.each(keys)('keeps an object under the key %j', async (key) => {
    await backend().put(key, bytes(key));
    expect((await bytesOf(key)).toString()).toBe(key);
    expect(await bench.keys()).toEqual([key]);
  });

  it('keeps keys apart that differ in case, form or encoding', async () => {
    const similar = ['x/a b', 'x/a+b', 'x/a%20b', 'x/a_b'];
    for (const key of similar) await backend().put(key, bytes(key));
    for (const key of similar) expect((await bytesOf(key)).toString()).toBe(key);
  });

  it('makes a new object when it must be new', async () => {
    await backend().put('key', bytes('first'), { ifAbsent: true });
    expect((await bytesOf('key')).toString()).toBe('first');
  });

  when(traits.conditionalPut)(
    'fails with StorageExistsError when it must be new and is not, and changes nothing',
    async () => {
      const { version } = await backend().put('key', bytes('first'));
      const put = backend().put('key', bytes('other'), { ifAbsent: true });
      await expect(put).rejects.toThrow(StorageExistsError);
      expect(await backend().stat('key')).toMatchObject({ version, size: 5 });
    },
  );

  when(traits.conditionalPut)('lets exactly one of twenty win who want to make the same object', async () => {
    const puts = Array.from({ length: 20 }, (_, index) =>
      backend().put('contended/key', bytes(`writer ${index}`), { ifAbsent: true }),
    );
    const results = await Promise.allSettled(puts);
    const winners = results.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []));
    expect(winners).toHaveLength(1);
    expect((await bytesOf('contended/key')).toString()).toBe(`writer ${winners[0]}`);
  });

  it('shows readers one version or another, never a part, while it replaces', async () => {
    const versions = [Buffer.alloc(700_000, 1), Buffer.alloc(300_000, 2), Buffer.alloc(500_000, 3)];
    await backend().put('key', Buffer.alloc(700_000, 1));
    const writing = (async () => {
      for (let round = 0; round < 15; round += 1) {
        for (const version of versions) await backend().put('key', version);
      }
    })();
    for (let round = 0; round < 40; round += 1) {
      const seen = await bytesOf('key').catch((error: unknown) => {
        if (error instanceof StorageError) return undefined;
        throw error;
      });
      if (seen !== undefined) expect(versions.some((version) => version.equals(seen))).toBe(true);
    }
    await writing;
  });
}
