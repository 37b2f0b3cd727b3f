import type { BuildHead, NextStates, WaitingQuery } from '@buildstate/core';
import { expect, test } from 'vitest';
import { makeLease } from '../fixtures/build.ts';
import type { ChangeParts } from '../fixtures/change.ts';
import { newId } from '../fixtures/ids.ts';
import { makeProject } from '../fixtures/project.ts';
import { makeAttempt } from '../fixtures/rows.ts';
import type { StoreBench } from './bench.ts';

const past = '2026-01-01T00:00:00.000Z';
const future = '2999-01-01T00:00:00.000Z';
const dead = makeLease({ expiresAt: past });
const released = makeLease({ releasedAt: past });

/** What builds look like that a worker is offered, by what they are called. */
const waiting: Readonly<Record<string, (id: string) => ChangeParts>> = {
  'pending after a lease that expired': () => ({ head: { lease: dead } }),
  'pending after a lease that was given up': () => ({ head: { lease: released } }),
  'running, nobody at work': () => ({
    build: { status: 'running', currentState: 30, lastSuccessfulState: 30 },
  }),
  'running, lease given up': () => ({ build: { status: 'running' }, head: { lease: released } }),
  'running, its holder dead': (id) => open(id, 1, dead),
  'failed and due': () => ({ build: { status: 'failed', failedState: 35, nextRetryAt: past } }),
  'failed and due, its holder dead': () => ({
    build: { status: 'failed', failedState: 35, nextRetryAt: past },
    head: { lease: dead },
  }),
};

/** What builds look like that are nobody's to take. */
const busy: Readonly<Record<string, (id: string) => ChangeParts>> = {
  'pending under a lease': () => ({ head: { lease: makeLease() } }),
  'running under a lease': () => ({ build: { status: 'running' }, head: { lease: makeLease() } }),
  'running, a state in progress under a lease': (id) => open(id, 1, makeLease()),
  'running, a state in progress without a lease': (id) => open(id, null, released),
  'failed and not due': () => ({ build: { status: 'failed', failedState: 35, nextRetryAt: future } }),
  'failed for good': () => ({ build: { status: 'failed', failedState: 35 } }),
  'failed and due, under a lease': () => ({
    build: { status: 'failed', failedState: 35, nextRetryAt: past },
    head: { lease: makeLease() },
  }),
  completed: () => ({ build: { status: 'completed', currentState: 100, lastSuccessfulState: 100 } }),
  cancelled: () => ({ build: { status: 'cancelled' } }),
  deleted: () => ({ build: { deletedAt: past } }),
};

function open(id: string, leaseToken: number | null, lease = makeLease()): ChangeParts {
  const attempt = makeAttempt(id, { state: 35, status: 'in_progress', endTime: null, leaseToken });
  return {
    build: { status: 'running', currentState: 35, lastSuccessfulState: 30 },
    head: { lease, openAttempt: attempt },
    attempts: [attempt],
  };
}

/** Builds that wait for a worker. */
export function waitingCases(bench: StoreBench): void {
  const found = async (query: Partial<WaitingQuery> = {}, store = bench.store) =>
    (await store.listWaiting({ limit: 100, ...query })).map(({ id }) => id);
  const make = async (parts: (id: string) => ChangeParts, build: ChangeParts['build'] = {}) => {
    const head = await bench.create({ build });
    return bench.commit(head, parts(head.build.id));
  };
  const idOf = ({ build }: BuildHead) => build.id;

  for (const [name, parts] of Object.entries(waiting))
    test(`offers a build that is ${name}`, async () => {
      const head = await make(parts);
      expect(await found()).toEqual([idOf(head)]);
    });
  for (const [name, parts] of Object.entries(busy))
    test(`does not offer a build that is ${name}`, async () => {
      await make(parts);
      expect(await found()).toEqual([]);
    });

  test('answers the oldest of all kinds first, with their ages, and no more than asked for', async () => {
    const states = ['pending', 'running', 'pending'] as const;
    const heads: BuildHead[] = [];
    for (const status of states) heads.push(await bench.create({ build: { status } }));
    heads.push(await make(() => ({ build: { status: 'failed', failedState: 5, nextRetryAt: past } })));
    const all = await bench.store.listWaiting({ limit: 100 });
    expect(all).toEqual(heads.map(({ build: { id, createdAt } }) => ({ id, createdAt })));
    expect(await found({ limit: 2 })).toEqual(heads.slice(0, 2).map(idOf));
  });

  test('keeps to a project and to a platform', async () => {
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const platformId = newId();
    const foreign = await bench.create({}, other);
    const plain = await bench.create();
    const aws = await bench.create({ build: { platformId, platform: 'aws' } });
    expect(await found()).toEqual([foreign, plain, aws].map(idOf));
    expect(await found({ projectId: bench.project.id })).toEqual([plain, aws].map(idOf));
    expect(await found({ projectId: other.id })).toEqual([idOf(foreign)]);
    expect(await found({ platformId })).toEqual([idOf(aws)]);
    expect(await found({ projectId: other.id, platformId })).toEqual([]);
  });

  test('leaves out what would do another state next', async () => {
    const running = (currentState: number, lastSuccessfulState: number) => () => ({
      build: { status: 'running' as const, currentState, lastSuccessfulState },
    });
    const pending = await bench.create();
    const at30 = await make(running(30, 30));
    const begun40 = await make(running(40, 30));
    const dead35 = await make((id) => open(id, 1, dead));
    const failed35 = await make(() => ({ build: { status: 'failed', failedState: 35, nextRetryAt: past } }));
    const record = {
      state: 50,
      attempts: 2,
      failures: 0,
      outcome: 'completed' as const,
      completedAttemptId: newId(),
      artifactFingerprint: null,
      lastAttemptId: newId(),
      abandoned: true,
    };
    const again50 = await make(() => ({ ...running(50, 50)(), head: { states: { 50: record } } }));
    const done50 = await make(() => ({
      ...running(50, 50)(),
      head: { states: { 50: { ...record, abandoned: false } } },
    }));
    const none: NextStates = { pending: false, after: [], begun: [], failed: [] };
    const only = (next: Partial<NextStates>) => found({ next: { ...none, ...next } });
    expect(await only({})).toEqual([]);
    expect(await only({ pending: true })).toEqual([idOf(pending)]);
    expect(
      await only({
        after: [
          { first: 0, last: 29 },
          { first: 30, last: 34 },
        ],
      }),
    ).toEqual([idOf(at30)]);
    expect(await only({ begun: [{ first: 35, last: 35 }] })).toEqual([idOf(dead35)]);
    expect(await only({ begun: [{ first: 30, last: 45 }] })).toEqual([begun40, dead35].map(idOf));
    expect(await only({ begun: [{ first: 50, last: 50 }] })).toEqual([idOf(again50)]);
    expect(await only({ after: [{ first: 50, last: 50 }] })).toContain(idOf(done50));
    expect(await only({ failed: [{ first: 35, last: 40 }] })).toEqual([idOf(failed35)]);
    expect(await only({ failed: [{ first: 36, last: 40 }] })).toEqual([]);
  });

  test('offers what a resume request leads somewhere, whatever the record says', async () => {
    const resumeTarget = { state: 10, requestId: newId(), skipFailed: false, started: false };
    const led = [
      await make(() => ({ head: { resumeTarget } })),
      await make(() => ({ build: { status: 'running', currentState: 30 }, head: { resumeTarget } })),
    ];
    const next: NextStates = { pending: false, after: [], begun: [], failed: [] };
    expect(await found({ next })).toEqual(led.map(idOf));
  });

  test('offers nothing more once it is taken, and again when the lease is renewed no more', async () => {
    const head = await bench.create();
    const lease = makeLease({ ttlSeconds: 1, expiresAt: past });
    const taken = await bench.commit(head, { head: { lease } });
    expect(await found()).toEqual([idOf(taken)]);
    await bench.store.renewLease(idOf(taken), lease.token);
    const other = await bench.another();
    expect(await found({}, other)).toEqual([]);
    await expect.poll(() => found({}, other), { timeout: 20_000, interval: 100 }).toEqual([idOf(taken)]);
  });

  test('is seen by others at once', async () => {
    const other = await bench.another();
    const first = await bench.create();
    expect(await found({}, other)).toEqual([idOf(first)]);
    await bench.commit(first, { head: { lease: makeLease() } });
    expect(await found({}, other)).toEqual([]);
  });
}
