import { StorageError, StorageNotFoundError } from '@buildstate/core';
import { expect, it } from 'vitest';
import { type BackendBench, bytes, when } from '../bench.ts';

/** What uploads promise when they are listed, given up, or continued elsewhere. */
export function uploadLifeCases({
  backend,
  traits,
  bytesOf,
  partBytes,
  uploadParts,
  reopen,
}: BackendBench): void {
  const unknown = { uploadKnown: false, parts: [] };

  it('lists the parts that it holds by ascending number, as they were accepted', async () => {
    const upload = await backend().createUpload('key');
    expect(await backend().listParts(upload)).toEqual({ uploadKnown: true, parts: [] });
    const third = await backend().uploadPart(upload, { number: 3, bytes: bytes('end') });
    const first = await backend().uploadPart(upload, { number: 1, bytes: partBytes() });
    expect(await backend().listParts(upload)).toEqual({ uploadKnown: true, parts: [first, third] });
  });

  it('lists a part that was sent again once, in its newest form', async () => {
    const upload = await backend().createUpload('key');
    await backend().uploadPart(upload, { number: 1, bytes: bytes('first') });
    const again = await backend().uploadPart(upload, { number: 1, bytes: bytes('second') });
    expect((await backend().listParts(upload)).parts).toEqual([again]);
  });

  it('does not know an upload that was completed', async () => {
    const upload = await backend().createUpload('key');
    await backend().completeUpload(upload, await uploadParts(upload, [bytes('content')]));
    expect(await backend().listParts(upload)).toEqual(unknown);
    const part = backend().uploadPart(upload, { number: 2, bytes: bytes('late') });
    await expect(part).rejects.toThrow(StorageNotFoundError);
    expect((await bytesOf('key')).toString()).toBe('content');
  });

  it('forgets an upload that is given up, and leaves nothing visible', async () => {
    const upload = await backend().createUpload('key');
    const parts = await uploadParts(upload, [partBytes(), bytes('end')]);
    await backend().abortUpload(upload);
    expect(await backend().listParts(upload)).toEqual(unknown);
    await expect(backend().uploadPart(upload, { number: 1, bytes: bytes('late') })).rejects.toThrow(
      StorageNotFoundError,
    );
    await expect(backend().completeUpload(upload, parts)).rejects.toThrow(StorageError);
    expect(await backend().stat('key')).toBeUndefined();
  });

  it('names the uploads of a key that are neither completed nor given up, and only those', async () => {
    const { listUploads } = backend();
    if (listUploads === undefined) return;
    const begun = await Promise.all([1, 2].map(() => backend().createUpload('folder/key')));
    await backend().createUpload('folder/key.longer');
    const done = await backend().createUpload('folder/key');
    await backend().completeUpload(done, await uploadParts(done, [bytes('content')]));
    const found = await listUploads.call(backend(), 'folder/key');
    expect(found).toHaveLength(begun.length);
    for (const upload of found) {
      expect(upload.key).toBe('folder/key');
      await backend().abortUpload(upload);
    }
    for (const upload of begun) expect(await backend().listParts(upload)).toEqual(unknown);
    expect(await backend().listUploads?.('folder/key')).toEqual([]);
    expect((await bytesOf('folder/key')).toString()).toBe('content');
  });

  it('leaves the object alone when an upload over it is given up', async () => {
    await backend().put('key', bytes('old'));
    const upload = await backend().createUpload('key');
    await uploadParts(upload, [bytes('new')]);
    await backend().abortUpload(upload);
    expect((await bytesOf('key')).toString()).toBe('old');
  });

  it('takes giving up again, or something never begun, for done', async () => {
    const upload = await backend().createUpload('key');
    await backend().abortUpload(upload);
    await backend().abortUpload(upload);
    await backend().abortUpload({ key: 'key', uploadId: '00000000-0000-4000-8000-000000000000' });
  });

  it('does not remove a finished object when its upload is given up afterwards', async () => {
    const upload = await backend().createUpload('key');
    await backend().completeUpload(upload, await uploadParts(upload, [bytes('content')]));
    await backend().abortUpload(upload);
    expect((await bytesOf('key')).toString()).toBe('content');
  });

  it.each(['00000000-0000-4000-8000-000000000000', '../../etc', 'a/b', '', '.'])(
    'does not know an upload with the made-up id %j',
    async (uploadId) => {
      const upload = { key: 'key', uploadId };
      const listed = await backend()
        .listParts(upload)
        .catch((error: unknown) => error);
      if (!(listed instanceof StorageError)) expect(listed).toEqual(unknown);
      await expect(backend().uploadPart(upload, { number: 1, bytes: bytes('x') })).rejects.toThrow(
        StorageError,
      );
    },
  );

  it('does not mix up an upload id with another key', async () => {
    const upload = await backend().createUpload('key');
    const other = { ...upload, key: 'other' };
    await expect(backend().uploadPart(other, { number: 1, bytes: bytes('x') })).rejects.toThrow(StorageError);
    await expect(backend().completeUpload(other, [])).rejects.toThrow(StorageError);
    expect(await backend().stat('other')).toBeUndefined();
  });

  when(traits.resumableUploads === true)(
    'is continued and completed by another instance, from what it lists',
    async () => {
      const elsewhere = await reopen();
      const upload = JSON.parse(JSON.stringify(await backend().createUpload('key')));
      const contents = [partBytes(), partBytes(), bytes('end')] as const;
      await backend().uploadPart(upload, { number: 1, offset: 0, bytes: contents[0] });
      const offset = contents[0].length + contents[1].length;
      await backend().uploadPart(upload, { number: 3, offset, bytes: contents[2] });
      const { parts } = await elsewhere.listParts(upload);
      expect(parts.map((part) => part.number)).toEqual([1, 3]);
      const second = await elsewhere.uploadPart(upload, {
        number: 2,
        offset: contents[0].length,
        bytes: contents[1],
      });
      const all = [...parts, second].toSorted((a, b) => a.number - b.number);
      const info = await elsewhere.completeUpload(upload, all);
      expect((await backend().completeUpload(upload, all)).version).toBe(info.version);
      await elsewhere.close();
      expect((await bytesOf('key')).equals(Buffer.concat(contents))).toBe(true);
    },
  );
}
