import { ConfigurationError } from '@buildstate/core/light';
import { manualClock } from '@buildstate/tooling/manual-clock';
import { describe, expect, it } from 'vitest';
import { openBackend, withLimit } from '../../src/index.ts';
import { MemoryBackend } from '../../src/memory/index.ts';

/** A backend whose `stat` answers when it is told to, and that counts how many are under way. */
function heldBackend() {
  const memory = new MemoryBackend();
  const waiting: (() => void)[] = [];
  const seen: string[] = [];
  const backend = Object.assign(Object.create(memory) as MemoryBackend, {
    stat: async (key: string) => {
      seen.push(key);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return undefined;
    },
  });
  // Private fields are the original's: the other methods are not called here.
  return { backend, seen, waiting, answer: () => waiting.shift()?.() };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a backend with a limit of calls', () => {
  it('makes so many at once, and the others in the order in which they came', async () => {
    const { backend, seen, waiting, answer } = heldBackend();
    const limited = withLimit(backend, { concurrency: 2 });
    const calls = ['a', 'b', 'c', 'd'].map((key) => limited.stat(key));
    await settled();
    expect(seen).toEqual(['a', 'b']);
    answer();
    await settled();
    expect(seen).toEqual(['a', 'b', 'c']);
    answer();
    await settled();
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
    while (waiting.length > 0) answer();
    await Promise.all(calls);
  });

  it('lets a call that is aborted out of the queue, and the next one in', async () => {
    const { backend, seen, answer } = heldBackend();
    const limited = withLimit(backend, { concurrency: 1 });
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const first = limited.stat('a');
    const second = limited.stat('b', { signal: controller.signal });
    const third = limited.stat('c');
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    answer();
    await first;
    await settled();
    expect(seen).toEqual(['a', 'c']);
    answer();
    await third;
  });

  it('gives the place of a call that failed to the next one', async () => {
    const limited = withLimit(new MemoryBackend(), { concurrency: 1 });
    await expect(limited.read('not/there')).rejects.toMatchObject({ code: 'storage_not_found' });
    await expect(limited.read('not/there')).rejects.toMatchObject({ code: 'storage_not_found' });
    expect(await limited.stat('key')).toBeUndefined();
  });

  it('lets one write while the same one reads', async () => {
    const limited = withLimit(new MemoryBackend(), { concurrency: 1 });
    await limited.put('key', Buffer.from('content'));
    for await (const chunk of (await limited.read('key')).body) await limited.put('copy', chunk);
    expect(await limited.stat('copy')).toMatchObject({ size: 7 });
  });
});

describe('a backend with a limit of bytes', () => {
  it('sends each body when the ones before it are due to have passed', async () => {
    const clock = manualClock();
    const limited = withLimit(new MemoryBackend(), { bytesPerSecond: 1000, clock });
    await limited.put('a', Buffer.alloc(500));
    let second = false;
    const put = limited.put('b', Buffer.alloc(500)).then(() => {
      second = true;
    });
    await clock.advance(499);
    expect(second).toBe(false);
    await clock.advance(1);
    await put;
    expect(second).toBe(true);
  });

  it('delivers a body no faster, and ends the wait when the read is aborted', async () => {
    const clock = manualClock();
    const memory = new MemoryBackend();
    await memory.put('key', Buffer.alloc(1024 * 1024));
    const limited = withLimit(memory, { bytesPerSecond: 256 * 1024, clock });
    const controller = new AbortController();
    const { body } = await limited.read('key', { signal: controller.signal });
    let received = 0;
    const reading = (async () => {
      for await (const chunk of body) received += chunk.length;
    })();
    const outcome = reading.catch((error: unknown) => error);
    await clock.advance(0);
    expect(received).toBe(256 * 1024);
    await clock.advance(1000);
    expect(received).toBe(512 * 1024);
    const reason = new Error('no longer wanted');
    controller.abort(reason);
    expect(await outcome).toBe(reason);
  });

  it('asks for nothing before calls that move no bytes', async () => {
    const clock = manualClock();
    const limited = withLimit(new MemoryBackend(), { bytesPerSecond: 1, clock });
    await limited.put('key', Buffer.alloc(100));
    expect(await limited.stat('key')).toMatchObject({ size: 100 });
    expect(clock.sleepers()).toBe(0);
  });
});

describe('limits', () => {
  it.each([{ concurrency: 0 }, { concurrency: 1.5 }, { bytesPerSecond: 0 }, { bytesPerSecond: -1 }])(
    '%j are refused',
    async (limit) => {
      expect(() => withLimit(new MemoryBackend(), limit)).toThrow(ConfigurationError);
      await expect(openBackend('memory:', { limit })).rejects.toThrow(ConfigurationError);
    },
  );
});
