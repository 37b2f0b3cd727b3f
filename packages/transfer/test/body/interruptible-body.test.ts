import { TimeoutError } from '@buildstate/core/light';
import { manualClock } from '@buildstate/tooling/manual-clock';
import { describe, expect, it } from 'vitest';
import { closableBody, discardBody, interruptibleBody } from '../../src/index.ts';

/** A body whose chunks come when the test says so. */
function controlled() {
  const waiting: ((chunk: Uint8Array | undefined) => void)[] = [];
  let closed = 0;
  const body = closableBody({
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close: async () => {
      closed += 1;
    },
  });
  return { body, send: (chunk?: Uint8Array) => waiting.shift()?.(chunk), closed: () => closed };
}

const chunk = Uint8Array.of(1, 2, 3);

async function all(body: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const piece of body) chunks.push(piece);
  return chunks;
}

describe('a closable body', () => {
  it('is closed once at its end, after a failure, and when it is given up before the first byte', async () => {
    const ended = controlled();
    const reading = all(ended.body);
    ended.send(chunk);
    await new Promise((resolve) => setImmediate(resolve));
    ended.send();
    expect(await reading).toEqual([chunk]);
    expect(ended.closed()).toBe(1);

    let closed = 0;
    const failing = closableBody({
      next: () => Promise.reject(new Error('broken')),
      close: async () => {
        closed += 1;
      },
    });
    await expect(failing.next()).rejects.toThrow('broken');
    expect(await failing.next()).toEqual({ done: true, value: undefined });
    expect(closed).toBe(1);

    const unread = controlled();
    await discardBody(unread.body);
    await discardBody(unread.body);
    expect(unread.closed()).toBe(1);
  });
});

describe('an interruptible body', () => {
  it('hands chunks on, and removes its listener and its timer at the end', async () => {
    const clock = manualClock();
    const { body, send } = controlled();
    const { signal } = new AbortController();
    const reading = all(interruptibleBody(body, { clock, idleMs: 1000, signal }));
    for (const sent of [chunk, chunk, undefined]) {
      await clock.advance(900);
      send(sent);
    }
    expect(await reading).toEqual([chunk, chunk]);
    await clock.advance(0);
    expect(clock.sleepers()).toBe(0);
  });

  it('fails when no byte arrives for too long, at any point, and gives the inner body up', async () => {
    for (const before of [0, 3]) {
      const clock = manualClock();
      const { body, send, closed } = controlled();
      const iterator = interruptibleBody(body, { clock, idleMs: 1000 });
      for (let count = 0; count < before; count += 1) {
        const next = iterator.next();
        await clock.advance(999);
        send(chunk);
        await next;
      }
      const stalled = iterator.next();
      const failure = expect(stalled).rejects.toThrow(TimeoutError);
      await clock.advance(1000);
      await failure;
      expect(closed()).toBe(1);
      await expect(iterator.next()).rejects.toThrow(TimeoutError);
    }
  });

  it('does not count the time that the reader takes', async () => {
    const clock = manualClock();
    const { body, send } = controlled();
    const iterator = interruptibleBody(body, { clock, idleMs: 1000 });
    const first = iterator.next();
    send(chunk);
    await first;
    await clock.advance(60_000);
    const second = iterator.next();
    await clock.advance(999);
    send(chunk);
    expect(await second).toEqual({ done: false, value: chunk });
  });

  it('ends with the reason of its signal, also while the inner body is silent or before it began', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const silent = controlled();
    const reading = interruptibleBody(silent.body, {
      clock: manualClock(),
      signal: controller.signal,
    }).next();
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(silent.closed()).toBe(1);

    const late = controlled();
    const options = { clock: manualClock(), signal: controller.signal };
    await expect(interruptibleBody(late.body, options).next()).rejects.toBe(reason);
    expect(late.closed()).toBe(1);
  });

  it('passes failures of the inner body on', async () => {
    const failing = closableBody({
      next: () => Promise.reject(new Error('broken')),
      close: async () => undefined,
    });
    const clock = manualClock();
    await expect(interruptibleBody(failing, { clock, idleMs: 5 }).next()).rejects.toThrow('broken');
    await clock.advance(0);
    expect(clock.sleepers()).toBe(0);
  });

  it('gives the inner body up when its reader stops', async () => {
    const { body, send, closed } = controlled();
    const reading = (async () => {
      for await (const _ of interruptibleBody(body, { clock: manualClock(), idleMs: 1000 })) break;
    })();
    await new Promise((resolve) => setImmediate(resolve));
    send(chunk);
    await reading;
    expect(closed()).toBe(1);
  });
});
