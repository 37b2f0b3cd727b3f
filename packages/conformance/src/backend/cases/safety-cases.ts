import { BuildStateError } from '@buildstate/core';
import { expect, it } from 'vitest';
import { type BackendBench, bytes } from '../bench.ts';

const hostile = [
  '',
  '.',
  '..',
  '../outside',
  'a/../../outside',
  '/etc/passwd',
  '//host/share',
  'a//b',
  'a/./b',
  'a/',
  'C:\\windows',
  'c:/windows',
  'a\\..\\..\\b',
  'nul',
  'a/COM1.txt',
  'line\nbreak',
  'nul\u0000byte',
  'x'.repeat(2000),
  `a/${'x'.repeat(300)}`,
];

/** What backends promise for bad names and aborted calls. */
export function safetyCases({ backend, keys, partBytes }: BackendBench): void {
  it.each(hostile)('refuses the key %j everywhere', async (key) => {
    const upload = { key, uploadId: '00000000-0000-4000-8000-000000000000' };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => backend().stat(key),
      () => backend().read(key),
      () => backend().put(key, bytes('x')),
      () => backend().createUpload(key),
      () => backend().uploadPart(upload, { number: 1, bytes: bytes('x') }),
      () => backend().completeUpload(upload, []),
      () => backend().delete(key),
    ];
    for (const call of calls) await expect(call()).rejects.toThrow(BuildStateError);
    expect(await keys()).toEqual([]);
  });

  it('makes no call whose signal has aborted, and fails with its reason', async () => {
    await backend().put('key', bytes('content'));
    const upload = await backend().createUpload('other');
    const reason = new Error('no longer wanted');
    const options = { signal: AbortSignal.abort(reason) };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => backend().stat('key', options),
      () => backend().read('key', options),
      () => backend().put('key', bytes('changed'), options),
      () => backend().createUpload('key', options),
      () => backend().uploadPart(upload, { number: 1, bytes: bytes('x') }, options),
      () => backend().listParts(upload, options),
      () => backend().completeUpload(upload, [], options),
      () => backend().abortUpload(upload, options),
      () => backend().list('', options)[Symbol.asyncIterator]().next(),
      () => backend().delete('key', options),
      () => backend().probe(options),
    ];
    for (const call of calls) await expect(call()).rejects.toBe(reason);
    expect(await backend().stat('key')).toMatchObject({ size: 7 });
    expect((await backend().listParts(upload)).uploadKnown).toBe(true);
  });

  it('settles soon when a call is aborted on its way, and leaves no half of an object', async () => {
    const reason = new Error('no longer wanted');
    for (const waitMs of [0, 1, 3]) {
      const controller = new AbortController();
      const upload = await backend().createUpload('key');
      const part = backend().uploadPart(
        upload,
        { number: 1, bytes: partBytes() },
        { signal: controller.signal },
      );
      setTimeout(() => controller.abort(reason), waitMs);
      const result = await part.catch((error: unknown) => error);
      if (result instanceof Error) expect(result).toBe(reason);
      await backend().abortUpload(upload);
    }
    expect(await keys()).toEqual([]);
  });

  it('says of a missing object that a repetition does not help', async () => {
    await expect(backend().read('not/there')).rejects.toMatchObject({
      persistence: 'permanent',
      kind: 'not_found',
    });
  });
}
