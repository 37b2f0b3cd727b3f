import { expect, it } from 'vitest';
import { type BackendBench, bytes } from '../bench.ts';

/** What `stat` promises. */
export function statCases({ backend }: BackendBench): void {
  it('answers nothing for an object that is not there', async () => {
    expect(await backend().stat('not/there')).toBeUndefined();
  });

  it('shows key and size of an object', async () => {
    await backend().put('a/b', bytes('12345'));
    expect(await backend().stat('a/b')).toMatchObject({ key: 'a/b', size: 5, version: expect.any(String) });
  });

  it('shows what put answered', async () => {
    const put = await backend().put('a/b', bytes('12345'));
    const { key, size, version } = put;
    expect(await backend().stat('a/b')).toMatchObject({ key, size, version });
  });

  it('shows another version after every replacement, also by as many bytes', async () => {
    const versions = new Set<string>();
    for (const text of ['one', 'two', 'six', 'ten']) {
      await backend().put('key', bytes(text));
      versions.add((await backend().stat('key'))?.version ?? '');
    }
    expect(versions.size).toBe(4);
  });

  it('shows the same version as long as nothing is written', async () => {
    await backend().put('key', bytes('one'));
    const before = await backend().stat('key');
    await backend().put('other', bytes('two'));
    expect(await backend().stat('key')).toEqual(before);
  });

  it('tells a time near the present, if any', async () => {
    const before = Date.now();
    await backend().put('key', bytes('one'));
    const modifiedAt = (await backend().stat('key'))?.modifiedAt ?? before;
    expect(Math.abs(modifiedAt - before)).toBeLessThan(60_000);
  });

  it('does not take a common prefix for an object', async () => {
    await backend().put('folder/object', bytes('x'));
    expect(await backend().stat('folder')).toBeUndefined();
    expect(await backend().stat('folder/obj')).toBeUndefined();
  });
}
