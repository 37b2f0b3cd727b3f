import { LeaseLostError, NotFoundError, UnreachableError } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { startHeartbeat } from '../../src/lease/heartbeat.ts';
import { FakeLeaseTimer } from '../support/fake-lease-timer.ts';

const away = new UnreachableError('The server is away.');

/** A heartbeat of a lease of 60 s whose renewals end as told: nothing for success, an error, or `hang`. */
function heartbeat(...ends: (Error | 'hang' | undefined)[]) {
  return heartbeatWith({}, ...ends);
}

function heartbeatWith(more: { readonly untilFencedOut?: boolean }, ...ends: (Error | 'hang' | undefined)[]) {
  const timer = new FakeLeaseTimer();
  const start = timer.monotonic();
  const renewals: number[] = [];
  const faults: unknown[] = [];
  const lost: LeaseLostError[] = [];
  let given: AbortSignal | undefined;
  const stop = startHeartbeat({
    ...more,
    ttlMs: 60_000,
    grantedAt: start,
    timer,
    async renew(signal) {
      given = signal;
      const end = ends[Math.min(renewals.length, ends.length - 1)];
      renewals.push(timer.monotonic() - start);
      if (end === 'hang') await new Promise(() => {});
      if (end instanceof Error) throw end;
    },
    onLost: (reason) => lost.push(reason),
    onFault: (error) => faults.push(error),
  });
  return { timer, renewals, faults, lost, stop, signal: () => given };
}

describe('a heartbeat', () => {
  it('renews at every third of the time-to-live', async () => {
    const { timer, renewals, lost } = heartbeat(undefined);
    await timer.pass(19_999);
    expect(renewals).toEqual([]);
    await timer.pass(300_000);
    expect(renewals.slice(0, 4)).toEqual([20_000, 40_000, 60_000, 80_000]);
    expect(lost).toEqual([]);
  });

  it('tries more often while renewals fail, and goes on as before when one succeeds', async () => {
    const { timer, renewals, faults, lost } = heartbeat(away, away, undefined);
    await timer.pass(31_000);
    expect(renewals).toEqual([20_000, 25_000, 30_000]);
    expect(faults).toEqual([away, away]);
    await timer.pass(20_000);
    expect(renewals.at(-1)).toBe(50_000);
    expect(lost).toEqual([]);
  });

  it('bears a tracker that is away for any time when it is to be held until fenced out', async () => {
    const { timer, renewals, lost } = heartbeatWith({ untilFencedOut: true }, away);
    await timer.pass(600_000);
    expect(lost).toEqual([]);
    expect(renewals.at(-1)).toBeGreaterThan(590_000);
  });

  it('is lost all the same when the tracker says so', async () => {
    const fencedOut = new LeaseLostError('Somebody else holds the build.');
    const { timer, lost } = heartbeatWith({ untilFencedOut: true }, away, fencedOut);
    await timer.pass(60_000);
    expect(lost).toEqual([fencedOut]);
  });

  it('loses the lease when nothing was renewed for its whole time-to-live, and then stops', async () => {
    const { timer, renewals, lost } = heartbeat(away);
    await timer.pass(59_999);
    expect(lost).toEqual([]);
    await timer.pass(1);
    expect(lost).toHaveLength(1);
    expect(lost[0]?.message).toMatch(/could not be renewed for 60 s/);
    const tried = renewals.length;
    await timer.pass(600_000);
    expect([renewals.length, timer.waiting]).toEqual([tried, 0]);
  });

  it('counts the time-to-live from when the last good renewal was sent, not from its answer', async () => {
    const { timer, lost } = heartbeat(undefined, away);
    // Renewed at 20 s; good until 80 s.
    await timer.pass(79_999);
    expect(lost).toEqual([]);
    await timer.pass(1);
    expect(lost).toHaveLength(1);
  });

  it('loses the lease in time while a renewal hangs, and gives the renewal up', async () => {
    const { timer, lost, signal } = heartbeat('hang');
    await timer.pass(60_000);
    expect(lost).toHaveLength(1);
    expect(signal()?.aborted).toBe(true);
  });

  it.each([new LeaseLostError('Somebody else holds it.'), new NotFoundError('No such build.')])(
    'loses the lease at once when the tracker says that it is gone: %s',
    async (refusal) => {
      const { timer, renewals, lost } = heartbeat(refusal);
      await timer.pass(20_000);
      expect(renewals).toEqual([20_000]);
      expect(lost).toHaveLength(1);
      expect(lost[0]).toBeInstanceOf(LeaseLostError);
      expect(lost[0]?.message).toContain(refusal.message);
      expect(timer.waiting).toBe(0);
    },
  );

  it('does nothing more after it was stopped, whatever a renewal on its way comes to', async () => {
    const { timer, renewals, lost, stop, signal } = heartbeat('hang');
    await timer.pass(20_000);
    stop();
    await timer.pass(600_000);
    expect([renewals.length, lost, signal()?.aborted, timer.waiting]).toEqual([1, [], true, 0]);
  });

  it('renews at once when the answer to the acquisition came late', async () => {
    const timer = new FakeLeaseTimer();
    const renewals: number[] = [];
    startHeartbeat({
      ttlMs: 60_000,
      grantedAt: timer.monotonic() - 30_000,
      timer,
      renew: async () => renewals.push(timer.monotonic()),
      onLost: () => {},
      onFault: () => {},
    });
    await timer.pass(0);
    expect(renewals).toHaveLength(1);
  });
});
