import {
  type DutyResult,
  type DutyTurn,
  type DutyWork,
  performDuty,
  type StateStore,
  silentLogger,
  UnavailableError,
} from '@buildstate/core';
import { manualClock } from '@buildstate/tooling/manual-clock';
import { expect, test, vi } from 'vitest';
import { createMemoryStore } from '../../src/memory/index.ts';

/** A store in memory, and instances that do a duty over it. */
function setUp(store?: Partial<StateStore>) {
  const clock = manualClock();
  const memory = Object.assign(createMemoryStore({ clock }), store);
  const error = vi.fn();
  const warn = vi.fn();
  const parts = {
    store: memory,
    clock,
    logger: { ...silentLogger, error, warn },
    random: () => 0.5,
  };
  const stop = new AbortController();
  const turn = (work: DutyWork, fields: Partial<DutyTurn> = {}): Promise<DutyResult> =>
    performDuty(work, parts, { holder: 'a', signal: stop.signal, ttlSeconds: 60, ...fields });
  const noted = async () => (await memory.listDuties())[0];
  return { clock, memory, error, warn, stop, turn, noted };
}

function workOf(run: DutyWork['run'], everySeconds = 600): DutyWork {
  return { name: 'sweep', purpose: 'Sweeps.', everySeconds, run };
}

/** Work that is done when a test says so, or when its signal does. */
function longWork() {
  const done = Promise.withResolvers<string>();
  const run = vi.fn((signal: AbortSignal) => {
    signal.addEventListener('abort', () => done.resolve('cut short'));
    return done.promise;
  });
  return { done, run, work: workOf(run) };
}

test('a duty is done, noted, and not done again before it is due', async () => {
  const { clock, turn, noted } = setUp();
  const run = vi.fn(async () => '2 removed');
  const work = workOf(run);
  expect(await turn(work)).toEqual({ outcome: 'done', detail: '2 removed', seconds: 0 });
  expect(await noted()).toMatchObject({ outcome: 'done', detail: '2 removed', failures: 0, heldUntil: null });
  await clock.advance(599_999);
  expect(await turn(work)).toEqual({ outcome: 'waiting' });
  await clock.advance(1);
  expect((await turn(work)).outcome).toBe('done');
  expect((await turn(work, { early: true })).outcome).toBe('done');
  expect(run).toHaveBeenCalledTimes(3);
});

test('a failure is logged with its cause, and tried again after longer and longer pauses', async () => {
  const { clock, turn, noted, error } = setUp();
  const failure = new Error('the disk is full');
  let broken = true;
  const work = workOf(async () => {
    if (broken) throw failure;
    return undefined;
  }, 86_400);
  const pauses = [30, 60, 120, 240, 480, 960, 1920, 3600, 3600];
  for (const [index, seconds] of pauses.entries()) {
    expect(await turn(work)).toEqual({
      outcome: 'failed',
      error: failure,
      seconds: 0,
      retryInSeconds: seconds,
    });
    expect(await noted()).toMatchObject({
      outcome: 'failed',
      detail: 'the disk is full',
      failures: index + 1,
    });
    await clock.advance(seconds * 1000 - 1);
    expect((await turn(work)).outcome).toBe('waiting');
    await clock.advance(1);
  }
  expect(error).toHaveBeenCalledTimes(pauses.length);
  expect(error.mock.calls[0]?.[0]).toMatchObject({ duty: 'sweep', err: failure, failures: 1 });
  broken = false;
  expect((await turn(work)).outcome).toBe('done');
  expect(await noted()).toMatchObject({ outcome: 'done', detail: null, failures: 0 });
});

test('a duty that is done often is not tried later after a failure than after a success', async () => {
  const { turn } = setUp();
  const work = workOf(() => Promise.reject(new Error('no')), 10);
  expect(await turn(work)).toMatchObject({ outcome: 'failed', retryInSeconds: 10 });
});

test('a long duty is renewed, and nobody else comes to it', async () => {
  const { clock, turn } = setUp();
  const { done, work, run } = longWork();
  const first = turn(work);
  for (let minute = 0; minute < 10; minute += 1) {
    await clock.advance(60_000);
    expect(await turn(work, { holder: 'b', early: true })).toEqual({ outcome: 'waiting' });
  }
  done.resolve('much');
  expect(await first).toEqual({ outcome: 'done', detail: 'much', seconds: 600 });
  expect(run).toHaveBeenCalledTimes(1);
});

test('another instance takes over when a holder dies, with the next token', async () => {
  const { clock, memory, turn } = setUp();
  await memory.takeDuty({ name: 'sweep', holder: 'dead', ttlSeconds: 60 });
  const work = workOf(async () => undefined);
  await clock.advance(59_999);
  expect((await turn(work)).outcome).toBe('waiting');
  await clock.advance(1);
  expect((await turn(work)).outcome).toBe('done');
  expect((await memory.listDuties())[0]).toMatchObject({ holder: 'a', token: 2 });
});

test('a holder that was taken over while it slept stops, and notes nothing', async () => {
  const { clock, memory, turn, noted, warn } = setUp();
  const { work } = longWork();
  vi.spyOn(memory, 'renewDuty').mockResolvedValueOnce(false);
  const first = turn(work);
  await clock.advance(20_000);
  expect(await first).toEqual({ outcome: 'lost' });
  expect(warn).toHaveBeenCalledOnce();
  expect(await noted()).toMatchObject({ token: 1, endedAt: null });
});

test('a holder stops when the store does not answer for the time that it may be silent', async () => {
  const renewals = vi.fn(() => new Promise<boolean>(() => {}));
  const { clock, turn } = setUp({ renewDuty: renewals });
  const { work } = longWork();
  const first = turn(work);
  let result: DutyResult | undefined;
  void first.then((ended) => {
    result = ended;
  });
  await clock.advance(59_999);
  expect(result).toBeUndefined();
  await clock.advance(1);
  expect(result).toEqual({ outcome: 'lost' });
});

test('a renewal that fails once is tried again', async () => {
  const { clock, memory, turn, warn } = setUp();
  const { done, work } = longWork();
  vi.spyOn(memory, 'renewDuty').mockRejectedValueOnce(new UnavailableError('The store is away.'));
  const first = turn(work);
  await clock.advance(300_000);
  expect(warn).toHaveBeenCalledOnce();
  done.resolve('all');
  expect((await first).outcome).toBe('done');
});

test('a process that ends gives its duty back, still due', async () => {
  const { clock, stop, turn, noted } = setUp();
  const { work } = longWork();
  const first = turn(work);
  await clock.advance(30_000);
  stop.abort();
  expect(await first).toEqual({ outcome: 'stopped' });
  expect(await noted()).toMatchObject({ heldUntil: null, dueAt: null, outcome: null });
});

test('a process that ends begins nothing', async () => {
  const { stop, turn } = setUp();
  const run = vi.fn(async () => undefined);
  stop.abort();
  expect(await turn(workOf(run))).toEqual({ outcome: 'stopped' });
  expect(run).not.toHaveBeenCalled();
});
