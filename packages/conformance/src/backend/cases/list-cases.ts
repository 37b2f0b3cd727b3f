import { expect, it } from 'vitest';
import { type BackendBench, bytes } from '../bench.ts';

/** Ascending by their UTF-8 bytes; the astral plane comes last, unlike in JavaScript's own order. */
const ordered = ['A', 'a', 'a-b', 'a.b', 'a/b', 'a/b-c', 'a/b/c', 'a0', 'b/a', 'é', '\uff5e', '🎉'];

/** What `list` and `delete` promise. */
export function listCases({ backend, keys, traits, bytesOf }: BackendBench): void {
  const flat = traits.flatKeys ?? true;
  const some = flat
    ? ordered
    : ordered.filter((key) => !ordered.some((other) => other.startsWith(`${key}/`)));

  it('lists nothing where there is nothing', async () => {
    expect(await keys()).toEqual([]);
    expect(await keys('some/prefix')).toEqual([]);
  });

  it('lists in ascending order of the keys as bytes', async () => {
    for (const key of some.toReversed()) await backend().put(key, bytes(key));
    expect(await keys()).toEqual(some);
  });

  it('lists what begins with a prefix, wherever the prefix ends', async () => {
    const stored = ['x', 'xy/1', 'xy/2/3', 'xyz', 'xz/1'];
    for (const key of stored) await backend().put(key, bytes(key));
    for (const prefix of ['', 'x', 'xy', 'xy/', 'xy/2', 'xy/2/3', 'xyz', 'y']) {
      expect(await keys(prefix)).toEqual(stored.filter((key) => key.startsWith(prefix)));
    }
  });

  it('shows the size and the version of each object', async () => {
    await backend().put('folder/one', bytes('1'));
    await backend().put('folder/two', bytes('22'));
    for await (const listed of backend().list('folder/')) {
      const { key, size, version } = listed;
      expect(await backend().stat(key)).toMatchObject({ key, size, version });
    }
  });

  it('lists more than a thousand objects', { timeout: 120_000 }, async () => {
    const many = Array.from({ length: 1005 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
    for (let index = 0; index < many.length; index += 50) {
      await Promise.all(many.slice(index, index + 50).map((key) => backend().put(key, bytes(''))));
    }
    expect(await keys('many/')).toEqual(many);
  });

  it('can be left in the middle', async () => {
    for (const key of ['a', 'b', 'c']) await backend().put(key, bytes(key));
    for await (const object of backend().list('')) {
      expect(object.key).toBe('a');
      break;
    }
    expect(await keys()).toEqual(['a', 'b', 'c']);
  });

  it.each(['../', '/', '..', './', '\\', '\u0000'])('lists nothing for the prefix %j', async (prefix) => {
    await backend().put('key', bytes('x'));
    expect(await keys(prefix).catch(() => [])).toEqual([]);
  });

  it('lists no object that was deleted', async () => {
    for (const key of ['a/1', 'a/2', 'b']) await backend().put(key, bytes(key));
    await backend().delete('a/1');
    expect(await keys()).toEqual(['a/2', 'b']);
    expect(await backend().stat('a/1')).toBeUndefined();
  });

  it('takes deleting something that is not there for done', async () => {
    await backend().delete('not/there');
    await backend().put('key', bytes('x'));
    await backend().delete('key');
    await backend().delete('key');
    await backend().delete('key/below');
    expect(await keys()).toEqual([]);
  });

  it('deletes one object, not what begins like it', async () => {
    for (const key of ['ab', 'abc', 'b/c', 'b/cd']) await backend().put(key, bytes(key));
    await backend().delete('ab');
    await backend().delete('b/c');
    await backend().delete('b');
    expect(await keys()).toEqual(['abc', 'b/cd']);
  });

  it('can use a name for an object that was a common prefix before, and back', async () => {
    await backend().put('name/below/deep', bytes('1'));
    await backend().delete('name/below/deep');
    await backend().put('name', bytes('2'));
    await backend().delete('name');
    await backend().put('name/below', bytes('3'));
    expect((await bytesOf('name/below')).toString()).toBe('3');
  });

  it('keeps objects while others beside them come and go', async () => {
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < 25; round += 1) {
        const key = `shared/deep/${writer}-${round}`;
        await backend().put(key, bytes(key));
        await backend().delete(key);
      }
      await backend().put(`shared/deep/${writer}`, bytes('stays'));
    });
    await Promise.all(writers);
    expect(await keys('shared/')).toHaveLength(8);
  });
}
