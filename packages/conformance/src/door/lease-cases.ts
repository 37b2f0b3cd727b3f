import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** Who may advance a build, and for how long. */
export function leaseCases(bench: DoorBench): void {
  const acquire = (
    buildId: string,
    holder: string,
    more: { ttlSeconds?: number; holderGone?: number } = {},
  ) => bench.call('acquireLease', { params: { buildId }, body: { holder, ...more } });

  it('gives a lease to exactly one of twenty who want it', async () => {
    const build = await bench.newBuild();
    const wishes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => acquire(build, `w${index}`)),
    );
    expect(wishes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const wish of wishes) {
      if (wish.status === 'rejected') expect(wish.reason).toMatchObject({ code: 'state_in_progress' });
    }
  });

  it('tells who holds it, to whoever meets it', async () => {
    const build = await bench.newBuild();
    const identity = { host: 'builder-7', pid: 4711, bootId: 'b' };
    await bench.call('acquireLease', { params: { buildId: build }, body: { holder: 'ci #1', identity } });
    const error = await bench.refused('state_in_progress', () => acquire(build, 'ci #2'));
    expect(error.context.lease).toMatchObject({
      holder: 'ci #1',
      token: 1,
      identity: { host: 'builder-7', pid: 4711, boot_id: 'b' },
    });
    const details = await bench.call('getBuild', { params: { buildId: build } });
    expect(details.lease).toMatchObject({ holder: 'ci #1', identity });
  });

  it('refuses reports of others while it lives, and takes those that carry its token', async () => {
    const build = await bench.newBuild();
    const { token } = await acquire(build, 'w');
    await bench.refused('state_in_progress', () => bench.report(build, { state: 5 }));
    await bench.report(build, { state: 5, leaseToken: token });
    expect(await bench.where(build)).toEqual([5, 5, null, 'running']);
  });

  it('lets another worker on after its time-to-live, and fences the old one out', async () => {
    const build = await bench.newBuild();
    const old = await acquire(build, 'old', { ttlSeconds: 1 });
    await bench.report(build, { state: 35, status: 'started', leaseToken: old.token });
    await bench.refused('state_in_progress', () => acquire(build, 'new'));
    await sleep(1100);
    const fresh = await acquire(build, 'new');
    expect(fresh.token).toBe(old.token + 1);
    const late = {
      state: 35,
      leaseToken: old.token,
      artifactStorageType: 's3',
      artifactStoragePath: 's3://late',
    };
    await bench.refused('lease_lost', () => bench.report(build, late));
    await bench.refused('lease_lost', () =>
      bench.call('renewLease', { params: { buildId: build }, body: { token: old.token } }),
    );
    await bench.refused('lease_lost', () =>
      bench.call('registerArtifact', {
        params: { buildId: build },
        body: {
          stateCode: 35,
          artifactName: 'late',
          artifactType: 'disk_image',
          artifactPath: 's3://late/x',
          storageBackend: 's3',
          leaseToken: old.token,
        },
      }),
    );
    expect(await bench.call('listArtifacts', { params: { buildId: build } })).toEqual([]);
    expect(await bench.history(build)).toEqual(['35#1 abandoned']);
  });

  it('tells a holder that was fenced out so, also where what it reports is known already', async () => {
    const build = await bench.newBuild();
    const old = await acquire(build, 'old');
    const fresh = await acquire(build, 'new', { holderGone: old.token });
    await bench.report(build, { state: 5, leaseToken: fresh.token });
    await bench.refused('lease_lost', () => bench.report(build, { state: 5, leaseToken: old.token }));
    await bench.report(build, { state: 5, leaseToken: fresh.token });
    expect(await bench.history(build)).toEqual(['5#1 completed']);
  });

  it('shows what was begun under it as abandoned once it has expired, before anybody writes', async () => {
    const build = await bench.newBuild();
    const { token } = await acquire(build, 'w', { ttlSeconds: 1 });
    await bench.report(build, { state: 35, status: 'started', leaseToken: token });
    const list = (status: 'abandoned' | 'in_progress') =>
      bench.call('listAttempts', { params: { buildId: build }, query: { status } });
    expect((await bench.call('getBuild', { params: { buildId: build } })).openAttempt?.state).toBe(35);
    expect(await list('abandoned')).toEqual([]);
    await sleep(1100);
    const details = await bench.call('getBuild', { params: { buildId: build } });
    expect(details).toMatchObject({ lease: null, openAttempt: null, status: 'running' });
    expect(await bench.history(build)).toEqual(['35#1 abandoned']);
    expect(await list('in_progress')).toEqual([]);
    expect(await list('abandoned')).toMatchObject([
      { closedBy: 'lease_expired', durationSeconds: expect.any(Number) },
    ]);
    const context = await bench.call('getResumeContext', { params: { buildId: build } });
    expect(context.resumeFromState).toBe(35);
    // Nobody has taken its place, so its holder may still end it.
    await bench.report(build, { state: 35, leaseToken: token });
    expect(await bench.history(build)).toEqual(['35#1 completed']);
  });

  it('lives on by renewal, which neither bumps the version nor makes an event', async () => {
    const build = await bench.newBuild();
    const { token } = await acquire(build, 'w', { ttlSeconds: 1 });
    const before = await bench.call('getBuild', { params: { buildId: build } });
    for (let beat = 0; beat < 4; beat++) {
      await sleep(400);
      await bench.call('renewLease', { params: { buildId: build }, body: { token } });
    }
    await bench.refused('state_in_progress', () => acquire(build, 'other'));
    const after = await bench.call('getBuild', { params: { buildId: build } });
    expect(after.version).toBe(before.version);
    expect(await bench.call('listEvents', { params: { buildId: build } })).toHaveLength(2);
  });

  it('is taken over at once by a caller who has seen the holder gone', async () => {
    const build = await bench.newBuild();
    const old = await acquire(build, 'w');
    await bench.refused('state_in_progress', () => acquire(build, 'x', { holderGone: old.token + 1 }));
    expect((await acquire(build, 'x', { holderGone: old.token })).token).toBe(old.token + 1);
  });

  it('abandons the open attempt when it is given up, once', async () => {
    const build = await bench.newBuild();
    const { token } = await acquire(build, 'w');
    await bench.report(build, { state: 35, status: 'started', leaseToken: token });
    const release = () =>
      bench.call('releaseLease', { params: { buildId: build }, query: { token: String(token) } });
    await release();
    await release();
    expect(await bench.history(build)).toEqual(['35#1 abandoned']);
    await bench.report(build, { state: 35 });
  });

  it('answers a repeated acquisition with the lease that it gave', async () => {
    const build = await bench.newBuild();
    const body = { holder: 'w', eventId: randomUUID() };
    const first = await bench.call('acquireLease', { params: { buildId: build }, body });
    expect(await bench.call('acquireLease', { params: { buildId: build }, body })).toEqual(first);
  });

  it('refuses a second reporter of an open attempt without a lease, unless it takes over', async () => {
    const build = await bench.newBuild();
    const start = (reportedBy: string, takeover = false) =>
      bench.report(build, { state: 5, status: 'started', reportedBy, takeover });
    await start('a');
    await bench.refused('state_in_progress', () => start('b'));
    await start('a');
    await start('b', true);
    expect(await bench.history(build)).toEqual(['5#1 abandoned', '5#2 abandoned', '5#3 in_progress']);
  });
}
