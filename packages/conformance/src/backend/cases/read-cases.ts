import { randomBytes } from 'node:crypto';
import { StorageChangedError, StorageNotFoundError } from '@buildstate/core';
import { discardBody } from '@buildstate/transfer';
import { expect, it } from 'vitest';
import { type BackendBench, bytes, collect } from '../bench.ts';

/** Ranges of a ten-byte object, and what they hold. */
const ranges: readonly (readonly [string, { start?: number; end?: number }, string])[] = [
  ['from a byte on', { start: 4 }, '456789'],
  ['up to a byte', { end: 3 }, '012'],
  ['between two bytes', { start: 2, end: 5 }, '234'],
  ['of the last byte', { start: 9, end: 10 }, '9'],
  ['that reaches beyond the end', { start: 8, end: 1000 }, '89'],
  ['that begins at the end', { start: 10 }, ''],
  ['that begins beyond the end', { start: 1000 }, ''],
  ['that begins and ends beyond the end', { start: 1000, end: 2000 }, ''],
  ['without bytes', { start: 5, end: 5 }, ''],
  ['of the whole object', { start: 0, end: 10 }, '0123456789'],
];

/** What `read` promises. */
export function readCases({ backend, bytesOf }: BackendBench): void {
  it('delivers every byte of a larger object', async () => {
    const content = randomBytes(3 * 1024 * 1024 + 17);
    await backend().put('key', content);
    expect((await bytesOf('key')).equals(content)).toBe(true);
  });

  it('delivers an empty object', async () => {
    await backend().put('key', new Uint8Array(0));
    expect(await bytesOf('key')).toHaveLength(0);
  });

  it.each(ranges)('delivers a range %s', async (_, range, expected) => {
    await backend().put('key', bytes('0123456789'));
    expect((await bytesOf('key', range)).toString()).toBe(expected);
  });

  it('tells the size of the whole object with a range of it', async () => {
    const { version } = await backend().put('key', bytes('0123456789'));
    const { info, body } = await backend().read('key', { start: 2, end: 4 });
    await discardBody(body);
    expect(info).toMatchObject({ key: 'key', size: 10, version });
  });

  it('fails with StorageNotFoundError for an object that is not there', async () => {
    await expect(backend().read('not/there')).rejects.toThrow(StorageNotFoundError);
    await expect(backend().read('not/there', { start: 3 })).rejects.toThrow(StorageNotFoundError);
    await expect(backend().read('not/there', { start: 3, end: 3 })).rejects.toThrow(StorageNotFoundError);
  });

  it('delivers the version that was asked for while it is the present one', async () => {
    const { version } = await backend().put('key', bytes('one'));
    expect((await bytesOf('key', { ifVersion: version })).toString()).toBe('one');
    expect((await bytesOf('key', { ifVersion: version, start: 1 })).toString()).toBe('ne');
  });

  it('fails with StorageChangedError for a version that was replaced', async () => {
    const { version } = await backend().put('key', bytes('one'));
    await backend().put('key', bytes('two'));
    const options = { ifVersion: version };
    await expect(backend().read('key', options)).rejects.toThrow(StorageChangedError);
    await expect(backend().read('key', { ...options, start: 1 })).rejects.toThrow(StorageChangedError);
    await expect(backend().read('key', { ...options, start: 2, end: 2 })).rejects.toThrow(
      StorageChangedError,
    );
  });

  it('fails with StorageNotFoundError for a version that was deleted', async () => {
    const { version } = await backend().put('key', bytes('one'));
    await backend().delete('key');
    await expect(backend().read('key', { ifVersion: version })).rejects.toThrow(StorageNotFoundError);
  });

  it('never mixes two versions when the object is replaced while it is read', async () => {
    const [first, second] = [Buffer.alloc(4 * 1024 * 1024, 1), Buffer.alloc(4 * 1024 * 1024, 2)];
    await backend().put('key', first);
    const { body } = await backend().read('key');
    const iterator = body[Symbol.asyncIterator]();
    const begin = (await iterator.next()).value as Uint8Array;
    await backend().put('key', second);
    const rest = await collect({ [Symbol.asyncIterator]: () => iterator }).catch(() => undefined);
    expect(begin.every((byte) => byte === 1)).toBe(true);
    if (rest !== undefined) expect(Buffer.concat([begin, rest]).equals(first)).toBe(true);
  });

  it('lets bodies be given up, before and after the first byte, as often as one likes', async () => {
    await backend().put('key', randomBytes(2 * 1024 * 1024));
    for (let round = 0; round < 120; round += 1) {
      const { body } = await backend().read('key');
      if (round % 2 === 0) await discardBody(body);
      else for await (const _ of body) break;
    }
    expect(await bytesOf('key')).toHaveLength(2 * 1024 * 1024);
  });

  it('serves many readers at once', async () => {
    const content = randomBytes(300_000);
    await backend().put('key', content);
    const reads = await Promise.all(Array.from({ length: 100 }, () => bytesOf('key')));
    expect(reads.every((read) => read.equals(content))).toBe(true);
  });

  it('keeps its bytes when a reader changes the chunks that it got', async () => {
    await backend().put('key', bytes('0123456789'));
    for await (const chunk of (await backend().read('key')).body) chunk.fill(0);
    expect((await bytesOf('key')).toString()).toBe('0123456789');
  });

  it('delivers lent chunks, from whole objects and from ranges of them, in turns and at once', async () => {
    const content = randomBytes(3 * 1024 * 1024 + 17);
    const { version } = await backend().put('key', content);
    const read = async (start: number, end: number) => {
      const { body } = await backend().read('key', { start, end, ifVersion: version, borrowed: true });
      const copies: Uint8Array[] = [];
      for await (const chunk of body) copies.push(Uint8Array.from(chunk));
      return Buffer.concat(copies).equals(content.subarray(start, end));
    };
    expect(await read(0, content.length)).toBe(true);
    expect(await read(5, 6)).toBe(true);
    const thirds = Array.from({ length: 3 }, (_, index) =>
      read(index * 1_048_576 + 1, content.length - index),
    );
    expect(await Promise.all(thirds)).toEqual([true, true, true]);
  });

  it('lets lent bodies be given up, before and after the first byte, as often as one likes', async () => {
    await backend().put('key', randomBytes(2 * 1024 * 1024));
    for (let round = 0; round < 60; round += 1) {
      const { body } = await backend().read('key', { borrowed: true });
      if (round % 2 === 0) await discardBody(body);
      else for await (const _ of body) break;
    }
    expect(await bytesOf('key', { borrowed: true, start: 2 * 1024 * 1024 - 1 })).toHaveLength(1);
  });
}
