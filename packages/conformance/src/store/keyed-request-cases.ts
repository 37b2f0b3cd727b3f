import type { RequestClaim, StateStore } from '@buildstate/core';
import { expect, test } from 'vitest';
import { newId } from '../fixtures/ids.ts';
import { testHash } from '../fixtures/sha256.ts';
import type { StoreBench } from './bench.ts';

/** An instant some seconds after the one at which every case begins. */
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

const now = at(0);

function claimOf(fields: Partial<RequestClaim> = {}): RequestClaim {
  return {
    id: testHash.sha256Hex(newId()),
    fingerprint: testHash.sha256Hex('what was asked'),
    performer: newId(),
    heldUntil: at(60),
    expiresAt: at(86_400),
    seed: null,
    ...fields,
  };
}

/** The same request, tried by somebody else. */
const triedAgain = (claim: RequestClaim, fields: Partial<RequestClaim> = {}): RequestClaim => ({
  ...claim,
  performer: newId(),
  ...fields,
});

/** Whose claim is kept. */
async function performerOf(store: StateStore, claim: RequestClaim, time = now): Promise<string> {
  return (await store.claimRequest(claim, time)).performer;
}

/** A request with a key of its caller's is performed by one, and its answer is kept. */
export function keyedRequestCases(bench: StoreBench): void {
  test('keeps a claim as it was put', async () => {
    const claim = claimOf({ seed: { nonce: 'ü', list: [1, null] } });
    expect(await bench.store.claimRequest(claim, now)).toEqual({ ...claim, answer: null });
  });

  test('lets one of twenty claims of a request win, over two instances', async () => {
    const stores = [bench.store, await bench.another()];
    const claim = claimOf();
    const kept = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const own = triedAgain(claim);
        const { performer } = await (stores[index % 2] ?? bench.store).claimRequest(own, now);
        return { performer, own: own.performer };
      }),
    );
    expect(new Set(kept.map(({ performer }) => performer)).size).toBe(1);
    expect(kept.filter(({ performer, own }) => performer === own)).toHaveLength(1);
  });

  test('answers what was answered first, whatever is claimed', async () => {
    const claim = claimOf();
    await bench.store.claimRequest(claim, now);
    const answer = { body: { name: 'ü', nested: [null, 1.5, { deep: true }] } };
    expect(await bench.store.finishRequest(claim.id, claim.performer, answer)).toBe(true);
    for (const other of [
      triedAgain(claim),
      triedAgain(claim, { fingerprint: testHash.sha256Hex('other') }),
    ]) {
      expect(await bench.store.claimRequest(other, at(3600))).toEqual({ ...claim, heldUntil: null, answer });
    }
  });

  test('lets a request be taken over once its performer has had its time, and keeps the seed', async () => {
    const claim = claimOf({ seed: { nonce: 'first' } });
    await bench.store.claimRequest(claim, now);
    const second = triedAgain(claim, { heldUntil: at(120), seed: { nonce: 'second' } });
    expect(await performerOf(bench.store, second, at(59))).toBe(claim.performer);
    expect(await bench.store.claimRequest(second, at(60))).toEqual({
      ...second,
      seed: claim.seed,
      answer: null,
    });
    expect(await performerOf(bench.store, triedAgain(claim), at(61))).toBe(second.performer);
  });

  test('keeps no answer of a performer that was overtaken', async () => {
    const claim = claimOf();
    await bench.store.claimRequest(claim, now);
    const second = triedAgain(claim, { heldUntil: at(120) });
    await bench.store.claimRequest(second, at(60));
    expect(await bench.store.finishRequest(claim.id, claim.performer, { body: 1 })).toBe(false);
    await bench.store.releaseRequest(claim.id, claim.performer);
    expect(await performerOf(bench.store, triedAgain(claim), at(61))).toBe(second.performer);
    expect(await bench.store.finishRequest(claim.id, second.performer, { body: 2 })).toBe(true);
    expect((await bench.store.claimRequest(triedAgain(claim), at(62))).answer).toEqual({ body: 2 });
  });

  test('lets a released request be claimed at once, by the same request alone', async () => {
    const claim = claimOf();
    await bench.store.claimRequest(claim, now);
    await bench.store.releaseRequest(claim.id, claim.performer);
    const other = triedAgain(claim, { fingerprint: testHash.sha256Hex('other') });
    expect(await bench.store.claimRequest(other, now)).toEqual({ ...claim, heldUntil: null, answer: null });
    const second = triedAgain(claim);
    expect(await performerOf(bench.store, second)).toBe(second.performer);
  });

  test('never takes an answer back', async () => {
    const claim = claimOf();
    await bench.store.claimRequest(claim, now);
    await bench.store.finishRequest(claim.id, claim.performer, { body: 1 });
    await bench.store.releaseRequest(claim.id, claim.performer);
    expect((await bench.store.claimRequest(triedAgain(claim), at(86_399))).answer).toEqual({ body: 1 });
  });

  test('forgets a request that has expired: its key is free for another one', async () => {
    const claim = claimOf({ seed: { nonce: 'old' } });
    await bench.store.claimRequest(claim, now);
    await bench.store.finishRequest(claim.id, claim.performer, { body: 1 });
    const other = triedAgain(claim, {
      fingerprint: testHash.sha256Hex('other'),
      expiresAt: at(200_000),
      heldUntil: at(90_000),
      seed: { nonce: 'new' },
    });
    expect(await bench.store.claimRequest(other, at(86_400))).toEqual({ ...other, answer: null });
  });

  test('says that a request is not there to be finished, and releases none', async () => {
    expect(await bench.store.finishRequest(testHash.sha256Hex(newId()), newId(), { body: 1 })).toBe(false);
    await expect(bench.store.releaseRequest(testHash.sha256Hex(newId()), newId())).resolves.toBeUndefined();
  });

  test('sweeps what has expired, and nothing else', async () => {
    const claims = Array.from({ length: 12 }, (_, index) =>
      claimOf({ expiresAt: at(index < 9 ? 10 : 1000) }),
    );
    for (const claim of claims) {
      await bench.store.claimRequest(claim, now);
      await bench.store.finishRequest(claim.id, claim.performer, { body: claim.id });
    }
    let removed = 0;
    for (let round = 0; round < 200 && removed < 9; round += 1) {
      const swept = await bench.store.sweepRequests(at(10), 4);
      expect(swept).toBeLessThanOrEqual(4);
      removed += swept;
    }
    expect(removed).toBe(9);
    expect(await bench.store.sweepRequests(at(10), 100)).toBe(0);
    for (const claim of claims.slice(9)) {
      expect((await bench.store.claimRequest(triedAgain(claim), at(11))).answer).toEqual({ body: claim.id });
    }
  });

  if (bench.traits.capabilities.durable) {
    test('knows claims and answers after it was closed and opened again', async () => {
      const [open, answered] = [claimOf(), claimOf()];
      await bench.store.claimRequest(open, now);
      await bench.store.claimRequest(answered, now);
      await bench.store.finishRequest(answered.id, answered.performer, { body: 1 });
      const store = await bench.reopen();
      expect(await performerOf(store, triedAgain(open))).toBe(open.performer);
      expect((await store.claimRequest(triedAgain(answered), now)).answer).toEqual({ body: 1 });
    });
  }
}
