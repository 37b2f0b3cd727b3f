import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type ObjectInfo, StorageError, StorageNotFoundError } from '@buildstate/core';
import { expect, it } from 'vitest';
import { type BackendBench, bytes, when } from '../bench.ts';

/** What uploads in parts promise while all goes well. */
export function uploadCases({ backend, traits, bytesOf, partBytes, uploadParts, keys }: BackendBench): void {
  it('joins parts in the order of their numbers, whatever order they came in', async () => {
    const contents = [partBytes(), partBytes(), randomBytes(100)];
    const upload = await backend().createUpload('key');
    const parts = [];
    for (const number of [3, 1, 2]) {
      parts.push(await backend().uploadPart(upload, { number, bytes: contents[number - 1] ?? Buffer.of() }));
    }
    await backend().completeUpload(
      upload,
      parts.toSorted((a, b) => a.number - b.number),
    );
    expect((await bytesOf('key')).equals(Buffer.concat(contents))).toBe(true);
  });

  it('takes several parts at once', async () => {
    const contents = [partBytes(), partBytes(), partBytes(), randomBytes(1)];
    const upload = await backend().createUpload('key');
    const info = await backend().completeUpload(upload, await uploadParts(upload, contents));
    expect(info).toMatchObject({ key: 'key', size: Buffer.concat(contents).length });
    expect((await bytesOf('key')).equals(Buffer.concat(contents))).toBe(true);
  });

  it('takes offsets, and joins the same bytes', async () => {
    const contents = [partBytes(), partBytes(), randomBytes(10)];
    const upload = await backend().createUpload('key');
    const parts = [];
    let offset = 0;
    for (const [index, content] of contents.entries()) {
      parts.push(await backend().uploadPart(upload, { number: index + 1, offset, bytes: content }));
      offset += content.length;
    }
    await backend().completeUpload(upload, parts);
    expect((await bytesOf('key')).equals(Buffer.concat(contents))).toBe(true);
  });

  it('takes a single small part, and an empty one', async () => {
    for (const content of [bytes('small'), new Uint8Array(0)]) {
      const upload = await backend().createUpload('key');
      await backend().completeUpload(upload, await uploadParts(upload, [content]));
      expect(new Uint8Array(await bytesOf('key'))).toEqual(new Uint8Array(content));
    }
  });

  when(traits.equalParts !== true)('takes parts of different sizes', async () => {
    const contents = [partBytes(), Buffer.concat([partBytes(), partBytes()]), partBytes()];
    const upload = await backend().createUpload('key');
    await backend().completeUpload(upload, await uploadParts(upload, contents));
    expect((await bytesOf('key')).equals(Buffer.concat(contents))).toBe(true);
  });

  it('replaces a part that is sent again, also by a shorter one', async () => {
    const last = [randomBytes(500), randomBytes(50)];
    const upload = await backend().createUpload('key');
    const first = partBytes();
    const parts = [await backend().uploadPart(upload, { number: 1, offset: 0, bytes: first })];
    for (const content of last) {
      parts[1] = await backend().uploadPart(upload, { number: 2, offset: first.length, bytes: content });
    }
    await backend().completeUpload(upload, parts);
    expect((await bytesOf('key')).equals(Buffer.concat([first, last[1] ?? Buffer.of()]))).toBe(true);
  });

  it('has taken its own copy of a part when it answers', async () => {
    const upload = await backend().createUpload('key');
    const content = partBytes();
    const expected = Buffer.from(content);
    const part = await backend().uploadPart(upload, { number: 1, bytes: content });
    content.fill(0);
    await backend().completeUpload(upload, [part]);
    expect((await bytesOf('key')).equals(expected)).toBe(true);
  });

  it('shows nothing before it is completed', async () => {
    const upload = await backend().createUpload('folder/key');
    await uploadParts(upload, [partBytes(), bytes('end')]);
    expect(await backend().stat('folder/key')).toBeUndefined();
    expect(await keys()).toEqual([]);
    await expect(backend().read('folder/key')).rejects.toThrow(StorageNotFoundError);
  });

  it('leaves the object that is there alone until it is completed', async () => {
    await backend().put('key', bytes('old'));
    const upload = await backend().createUpload('key');
    const parts = await uploadParts(upload, [bytes('new')]);
    expect((await bytesOf('key')).toString()).toBe('old');
    await backend().completeUpload(upload, parts);
    expect((await bytesOf('key')).toString()).toBe('new');
  });

  it('answers what stat then shows', async () => {
    const upload = await backend().createUpload('key');
    const info = await backend().completeUpload(upload, await uploadParts(upload, [bytes('content')]));
    const { key, size, version } = info;
    expect(await backend().stat('key')).toMatchObject({ key, size, version });
  });

  it('answers the same object when completing is repeated', async () => {
    const upload = await backend().createUpload('key');
    const parts = await uploadParts(upload, [partBytes(), bytes('end')]);
    const first = await backend().completeUpload(upload, parts);
    const again = await backend().completeUpload(upload, parts);
    expect({ size: again.size, version: again.version }).toEqual({
      size: first.size,
      version: first.version,
    });
  });

  it('makes one object when two complete it at once; who is told to come again gets the same one', async () => {
    const upload = await backend().createUpload('key');
    const content = partBytes();
    const parts = await uploadParts(upload, [content, bytes('end')]);
    const complete = async (triesLeft = 50): Promise<ObjectInfo> => {
      try {
        return await backend().completeUpload(upload, parts);
      } catch (error) {
        const again = error instanceof StorageError && error.persistence === 'transient' && triesLeft > 0;
        if (!again) throw error;
        await setTimeout(20);
        return await complete(triesLeft - 1);
      }
    };
    const [one, two] = await Promise.all([complete(), complete()]);
    expect(one.version).toBe(two.version);
    expect((await bytesOf('key')).equals(Buffer.concat([content, bytes('end')]))).toBe(true);
  });

  it('keeps two uploads of one key apart; the last one completed stays', async () => {
    const [one, two] = [await backend().createUpload('key'), await backend().createUpload('key')];
    const [partsOfOne, partsOfTwo] = [
      await uploadParts(one, [bytes('one')]),
      await uploadParts(two, [bytes('two')]),
    ];
    await backend().completeUpload(two, partsOfTwo);
    await backend().completeUpload(one, partsOfOne);
    expect((await bytesOf('key')).toString()).toBe('one');
  });

  it('refuses to complete with a part that it does not hold', async () => {
    const upload = await backend().createUpload('key');
    const [part] = await uploadParts(upload, [bytes('content')]);
    const stranger = { number: 2, size: 3, tag: part?.tag ?? '' };
    const complete = backend().completeUpload(upload, [...(part === undefined ? [] : [part]), stranger]);
    await expect(complete).rejects.toThrow(StorageError);
    expect(await backend().stat('key')).toBeUndefined();
  });
}
