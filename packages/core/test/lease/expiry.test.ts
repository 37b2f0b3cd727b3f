import { describe, expect, it } from 'vitest';
import { decideReport } from '../../src/build/decide-report.ts';
import { BuildDraft } from '../../src/build/draft.ts';
import { timestamp } from '../../src/index.ts';
import { acquireLease, releaseLease } from '../../src/lease/decide-lease.ts';
import { seenAt } from '../../src/lease/expiry.ts';
import { hashing, ids, makeReport, Simulation } from '../support/simulation.ts';
import { lease, report } from '../support/steps.ts';

function leased(): Simulation {
  const build = new Simulation();
  const { token } = lease(build);
  report(build, 'start', 35, { leaseToken: token });
  return build;
}

/** What a decision expects the build still to be when it is written. */
function expectationOf(build: Simulation, decide: (draft: BuildDraft) => unknown) {
  const context = { now: build.now, ids, actorId: 'tester', random: () => 0.5 };
  const draft = new BuildDraft(build.snapshot, context);
  decide(draft);
  return draft.seal(hashing);
}

describe('an expired lease', () => {
  it('shows its attempt as abandoned before anybody has recorded that', () => {
    const build = leased();
    const { openAttempt, lease: held } = build.snapshot;
    if (openAttempt === null) throw new Error('nothing is open');
    expect(seenAt(openAttempt, held, timestamp(build.now + 59_000))).toBe(openAttempt);
    expect(seenAt(openAttempt, held, timestamp(build.now + 3_600_000))).toMatchObject({
      status: 'abandoned',
      closedBy: 'lease_expired',
      durationSeconds: 60,
    });
  });

  it('leaves attempts without a lease, and closed ones, as they are', () => {
    const build = new Simulation();
    report(build, 'start', 5);
    const { openAttempt } = build.snapshot;
    if (openAttempt === null) throw new Error('nothing is open');
    expect(seenAt(openAttempt, null, timestamp(build.now + 1e9))).toBe(openAttempt);
    const closed = { ...openAttempt, leaseToken: 1, status: 'failed' as const };
    expect(seenAt(closed, null, timestamp(build.now + 1e9))).toBe(closed);
  });

  it('ends its attempt when it expired, not when somebody noticed', () => {
    const build = leased();
    build.wait(3600);
    lease(build, 'next');
    expect([...build.attempts.values()][0]).toMatchObject({
      status: 'abandoned',
      closedBy: 'lease_expired',
      durationSeconds: 60,
    });
  });
});

describe('a change that rests on an expiry', () => {
  it('names the renewals of the lease, so that one in between voids it', () => {
    const build = leased();
    build.wait(61);
    const wish = { holder: 'next', identity: null, ttlSeconds: 60, holderGone: null };
    const takeover = expectationOf(build, (draft) => acquireLease(draft, wish));
    expect(takeover.expected).toEqual({ version: build.build.version, lease: { token: 1, renewals: 0 } });
    expect(takeover.leaseChanged).toBe(true);
    const report = makeReport({ kind: 'start', state: 35 });
    const unleased = expectationOf(build, (draft) => decideReport(draft, report));
    expect(unleased.expected?.lease).toEqual({ token: 1, renewals: 0 });
  });

  it('does so for a holder that was seen to be gone', () => {
    const build = leased();
    const wish = { holder: 'next', identity: null, ttlSeconds: 60, holderGone: 1 };
    expect(expectationOf(build, (draft) => acquireLease(draft, wish)).expected?.lease).toBeDefined();
  });

  it('names nothing where the lease is the own one, so that heartbeats disturb no reports', () => {
    const build = leased();
    const change = expectationOf(build, (draft) =>
      decideReport(draft, makeReport({ kind: 'complete', state: 35, leaseToken: 1 })),
    );
    expect(change.expected).toEqual({ version: build.build.version });
    expect(change.leaseChanged).toBe(false);
  });

  it('names nothing after a release, which nothing can renew', () => {
    const build = leased();
    build.apply((draft) => releaseLease(draft, 1));
    const wish = { holder: 'next', identity: null, ttlSeconds: 60, holderGone: null };
    const change = expectationOf(build, (draft) => acquireLease(draft, wish));
    expect(change.expected).toEqual({ version: build.build.version });
    expect(change.head.lease?.token).toBe(2);
  });
});
