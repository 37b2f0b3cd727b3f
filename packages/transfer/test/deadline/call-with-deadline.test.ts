import { StorageError } from '@buildstate/core/light';
import { manualClock } from '@buildstate/tooling/manual-clock';
import { describe, expect, it } from 'vitest';
import { callWithDeadline } from '../../src/index.ts';

const what = 'stat of s3://bucket/key';

/** A call that ends when its signal aborts. */
function obedient(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

describe('a call with a deadline', () => {
  it('answers what the call answers, and leaves no timer', async () => {
    const clock = manualClock();
    expect(await callWithDeadline({ clock, limitMs: 1000, what }, async () => 'answer')).toBe('answer');
    await clock.advance(0);
    expect(clock.sleepers()).toBe(0);
  });

  it('fails as the call fails', async () => {
    const clock = manualClock();
    const error = new Error('broken');
    await expect(callWithDeadline({ clock, limitMs: 1000, what }, () => Promise.reject(error))).rejects.toBe(
      error,
    );
    expect(clock.sleepers()).toBe(0);
  });

  it('is over when the time is up, as a failure that may be repeated', async () => {
    const clock = manualClock();
    const call = callWithDeadline({ clock, limitMs: 1000, what }, obedient);
    const failure = expect(call).rejects.toMatchObject({
      persistence: 'transient',
      kind: 'timeout',
      message: expect.stringContaining(what),
    });
    await clock.advance(1000);
    await failure;
    await expect(call).rejects.toThrow(StorageError);
  });

  it('is a permanent failure when the call does not let go of what it was given', async () => {
    const clock = manualClock();
    const call = callWithDeadline(
      { clock, limitMs: 1000, graceMs: 500, what },
      () => new Promise(() => undefined),
    );
    const failure = expect(call).rejects.toMatchObject({ persistence: 'permanent', kind: 'timeout' });
    await clock.advance(1500);
    await failure;
  });

  it('answers what came just after the time was up', async () => {
    const clock = manualClock();
    const call = callWithDeadline({ clock, limitMs: 1000, what }, async (signal) => {
      await obedient(signal).catch(() => undefined);
      return 'late';
    });
    await clock.advance(1000);
    expect(await call).toBe('late');
  });

  it("ends with the caller's reason when the caller aborts", async () => {
    const clock = manualClock();
    const reason = new Error('enough');
    const controller = new AbortController();
    const options = { clock, limitMs: 1000, what, signal: controller.signal };
    const call = callWithDeadline(options, obedient);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(callWithDeadline(options, obedient)).rejects.toBe(reason);
    expect(clock.sleepers()).toBe(0);
  });
});
