import type { ArtifactBackend, CallOptions } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { withDeadline } from '../../src/index.ts';
import { MemoryBackend } from '../../src/memory/index.ts';

function hang(options?: CallOptions): Promise<never> {
  return new Promise((_, reject) => {
    options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
  });
}

/** A backend none of whose calls ever answers, but all heed their signal. */
function hanging(): ArtifactBackend {
  const memory = new MemoryBackend();
  return {
    uri: memory.uri,
    kind: memory.kind,
    capabilities: memory.capabilities,
    stat: (_, options) => hang(options),
    read: (_, options) => hang(options),
    put: (_key, _body, options) => hang(options),
    createUpload: (_, options) => hang(options),
    uploadPart: (_upload, _part, options) => hang(options),
    listParts: (_, options) => hang(options),
    completeUpload: (_upload, _parts, options) => hang(options),
    abortUpload: (_, options) => hang(options),
    list: (_, options) => ({ [Symbol.asyncIterator]: () => ({ next: () => hang(options) }) }),
    delete: (_, options) => hang(options),
    probe: (options) => hang(options),
    close: async () => undefined,
  };
}

describe('a call that never answers', () => {
  const backend = withDeadline(hanging(), { callMs: 20, completeMs: 20 });
  const upload = { key: 'key', uploadId: 'id' };
  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['stat', () => backend.stat('key')],
    ['read', () => backend.read('key')],
    ['put', () => backend.put('key', Buffer.from(''))],
    ['createUpload', () => backend.createUpload('key')],
    ['uploadPart', () => backend.uploadPart(upload, { number: 1, bytes: Buffer.from('') })],
    ['listParts', () => backend.listParts(upload)],
    ['completeUpload', () => backend.completeUpload(upload, [])],
    ['abortUpload', () => backend.abortUpload(upload)],
    ['list', () => backend.list('')[Symbol.asyncIterator]().next()],
    ['delete', () => backend.delete('key')],
    ['probe', () => backend.probe()],
  ];

  it.each(calls)('%s is over in time, and may be repeated', async (_, call) => {
    await expect(call()).rejects.toMatchObject({ kind: 'timeout', persistence: 'transient' });
  });
});

describe('the time that a call has', () => {
  it('grows with the bytes that it is given', async () => {
    const slow: ArtifactBackend = {
      ...hanging(),
      put: async (key, body, options) => {
        const done = new Promise((resolve) => setTimeout(resolve, 100));
        await Promise.race([done, hang(options)]);
        return { key, size: body.length, version: '1' };
      },
    };
    const backend = withDeadline(slow, { callMs: 20, leastBytesPerSecond: 1000 });
    await expect(backend.put('key', Buffer.alloc(10))).rejects.toMatchObject({ kind: 'timeout' });
    expect(await backend.put('key', Buffer.alloc(1000))).toMatchObject({ size: 1000 });
  });
});

describe('a body that stalls', () => {
  it('breaks off in a way that may be repeated', async () => {
    const memory = new MemoryBackend();
    await memory.put('key', Buffer.from('content'));
    const stalling: ArtifactBackend = {
      ...hanging(),
      read: async () => {
        const { info } = await memory.read('key');
        async function* body() {
          yield Buffer.from('con');
          await new Promise(() => undefined);
        }
        return { info, body: body() };
      },
    };
    const { body } = await withDeadline(stalling, { idleMs: 20 }).read('key');
    const iterator = body[Symbol.asyncIterator]();
    await iterator.next();
    await expect(iterator.next()).rejects.toMatchObject({ kind: 'timeout', persistence: 'transient' });
  });
});
