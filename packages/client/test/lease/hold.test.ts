import { LeaseLostError, type LogFields, UnreachableError } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { type HoldParts, holdLease } from '../../src/lease/hold.ts';
import { FakeLeaseTimer } from '../support/fake-lease-timer.ts';

const record = {
  buildId: 'b',
  holder: 'ci@host',
  identity: null,
  token: 7,
  ttlSeconds: 60,
  acquiredAt: '2026-03-01T12:00:00.000Z',
  expiresAt: '2026-03-01T12:01:00.000Z',
  releasedAt: null,
};

function hold(changes: Partial<HoldParts> = {}) {
  const timer = new FakeLeaseTimer();
  const calls: string[] = [];
  const warnings: LogFields[] = [];
  const note = (fields: LogFields) => void warnings.push(fields);
  const lease = holdLease({
    record,
    grantedAt: timer.monotonic(),
    renew: async () => void calls.push('renew'),
    release: async () => void calls.push('release'),
    deliver: async () => 0,
    timer,
    logger: { debug() {}, info() {}, warn: note, error: note },
    ...changes,
  });
  return { lease, timer, calls, warnings };
}

describe('a held lease', () => {
  it('is given up once, however often it is released', async () => {
    const { lease, calls, timer } = hold();
    expect(lease).toMatchObject({ buildId: 'b', token: 7, holder: 'ci@host', ttlSeconds: 60 });
    await Promise.all([lease.release(), lease.release()]);
    await lease[Symbol.asyncDispose]();
    expect(calls).toEqual(['release']);
    expect([lease.signal.aborted, timer.waiting]).toEqual([false, 0]);
  });

  it('aborts its signal with the reason when it is lost, and is not released then', async () => {
    const refusal = new LeaseLostError('Fenced out.');
    const { lease, timer, calls } = hold({ renew: () => Promise.reject(refusal) });
    await timer.pass(20_000);
    expect(lease.signal.aborted).toBe(true);
    expect(lease.signal.reason).toBe(refusal);
    await lease.release();
    expect(calls).toEqual([]);
  });

  it('takes “lost” for released, since nothing is left to give up', async () => {
    const { lease } = hold({ release: () => Promise.reject(new LeaseLostError('Stale.')) });
    await expect(lease.release()).resolves.toBeUndefined();
  });

  it('fails to be released while the tracker is away, but does not fail the block that it was held for', async () => {
    const away = new UnreachableError('The server is away.');
    const { lease, warnings } = hold({ release: () => Promise.reject(away) });
    await expect(lease.release()).rejects.toBe(away);
    await lease[Symbol.asyncDispose]();
    expect(warnings).toEqual([{ build_id: 'b', lease_token: 7, reason: 'The server is away.' }]);
  });

  it('does not hide a mistake in the program while it is disposed of', async () => {
    const bug = new TypeError('x is not a function');
    const { lease } = hold({ release: () => Promise.reject(bug) });
    await expect(lease[Symbol.asyncDispose]()).rejects.toBe(bug);
  });

  it('is left to expire while reports made under it wait on disk, because they would be refused', async () => {
    const { lease, calls, warnings, timer } = hold({ deliver: async () => 2 });
    await lease.release();
    expect(calls).toEqual([]);
    expect(warnings[0]?.reason).toMatch(/Reports made under it still wait/);
    expect(timer.waiting).toBe(0);
  });

  it('is given up behind the reports that wait, or once the tracker is back, when there is a way to', async () => {
    const away = new UnreachableError('The server is away.');
    for (const changes of [{ deliver: async () => 2 }, { release: () => Promise.reject(away) }]) {
      const later: string[] = [];
      const { lease, calls, timer } = hold({
        ...changes,
        releaseLater: async () => void later.push('later'),
      });
      await lease.release();
      expect([calls, later, timer.waiting]).toEqual([[], ['later'], 0]);
    }
  });

  it('tells of renewals that failed', async () => {
    const { timer, warnings } = hold({ renew: () => Promise.reject(new UnreachableError('Away.')) });
    await timer.pass(20_000);
    expect(warnings).toEqual([{ build_id: 'b', lease_token: 7, reason: 'Away.' }]);
  });
});
