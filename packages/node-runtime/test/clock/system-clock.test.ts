import { describe, expect, it } from 'vitest';
import { createIds, createNodeCrypto, loadKeyRing, systemClock } from '../../src/index.ts';

describe('the system clock', () => {
  it('sleeps and measures', async () => {
    const started = systemClock.monotonic();
    await systemClock.sleep(30);
    expect(systemClock.monotonic() - started).toBeGreaterThanOrEqual(28);
  });

  it('ends a sleep with the reason of the signal, also one that was aborted before', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(systemClock.sleep(0, controller.signal)).rejects.toBe(reason);
  });

  it('does not wake at once from a sleep of months', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(2 ** 33, controller.signal);
    const first = await Promise.race([
      sleeping.then(() => 'woke'),
      systemClock.sleep(30).then(() => 'slept'),
    ]);
    expect(first).toBe('slept');
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
  });
});

describe('ids', () => {
  it('are version 7 and ascend', () => {
    const ids = createIds();
    const made = Array.from({ length: 1000 }, () => ids.uuid());
    expect(made.toSorted()).toEqual(made);
    expect(made[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('crypto', () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  it('hashes texts, bytes and pieces alike (FIPS 180-4 examples)', async () => {
    const crypto = createNodeCrypto(await loadKeyRing());
    expect(crypto.sha256Hex('')).toBe(empty);
    expect(crypto.sha256Hex(new TextEncoder().encode('abc'))).toBe(abc);
    const running = crypto.sha256();
    expect(running.soFar()).toBe(empty);
    for (const byte of new TextEncoder().encode('abc')) running.update(Uint8Array.of(byte));
    expect(running.soFar()).toBe(abc);
    expect(running.hex()).toBe(abc);
  });

  it('compares bytes of any lengths', async () => {
    const { equal, random } = createNodeCrypto(await loadKeyRing());
    const bytes = random(32);
    expect(bytes).toHaveLength(32);
    expect(equal(bytes, Uint8Array.from(bytes))).toBe(true);
    expect(equal(bytes, bytes.subarray(1))).toBe(false);
    expect(equal(bytes, random(32))).toBe(false);
  });
});
