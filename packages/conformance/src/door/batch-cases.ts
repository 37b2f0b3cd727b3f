import { randomUUID } from 'node:crypto';
import type { OperationInput } from '@buildstate/core';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

type Reports = OperationInput<'recordStates'>['body'];

/** Many transitions at once. */
export function batchCases(bench: DoorBench): void {
  const send = (buildId: string, body: Reports, query: OperationInput<'recordStates'>['query'] = {}) =>
    bench.call('recordStates', { params: { buildId }, query, body });

  it('records reports in their order, each with its own answer', async () => {
    const build = await bench.newBuild();
    const outcome = await send(build, [
      { state: 5, status: 'started' },
      { stateName: 'base-image-created' },
      { state: 15, status: 'failed', errorMessage: 'Connection timed out' },
    ]);
    expect(outcome).toMatchObject({ recorded: 3, refused: 0, notTried: 0 });
    expect(outcome.results.map(({ index, status }) => [index, status])).toEqual([
      [0, 201],
      [1, 201],
      [2, 201],
    ]);
    const answers = outcome.results.map(({ answer }) => answer);
    expect(answers.map((answer) => answer?.currentState)).toEqual([5, 10, 10]);
    expect(answers[2]?.retryDecision?.retry).toBe(true);
    expect(await bench.history(build)).toEqual(['5#1 completed', '10#1 completed', '15#1 failed']);
    expect(await bench.where(build)).toEqual([10, 10, 15, 'failed']);
  });

  it('tells of refused ones in their place and records the others', async () => {
    const build = await bench.newBuild();
    const reports = [
      { state: 10 },
      { state: 5 },
      { state: 101 },
      { state: 20, mesage: 'x' },
      'nothing',
      { state: 25, metadata: { some_Key: 1 } },
    ] as Reports;
    const { results, ...counts } = await send(build, reports);
    expect(counts).toEqual({ recorded: 2, refused: 4, notTried: 0 });
    expect(results.map(({ status }) => status)).toEqual([201, 409, 422, 422, 422, 201]);
    expect(results.map(({ problem }) => problem?.code)).toEqual([
      undefined,
      'illegal_transition',
      'validation_failed',
      'validation_failed',
      'validation_failed',
      undefined,
    ]);
    expect(results[3]?.problem?.errors).toEqual([
      { path: 'mesage', message: 'is not a known field; did you mean message?' },
    ]);
    expect(Object.keys(results[1]?.problem?.context ?? {})).toContain('current_state');
    expect(results[5]?.answer?.metadata).toEqual({ some_Key: 1 });
    expect(await bench.history(build)).toEqual(['10#1 completed', '25#1 completed']);
  });

  it('stops at the first refused one when asked to', async () => {
    const build = await bench.newBuild();
    const reports = [{ state: 10 }, { state: 5 }, { state: 25 }, { state: 30 }];
    const { results, ...counts } = await send(build, reports, { stopOnError: 'true' });
    expect(counts).toEqual({ recorded: 1, refused: 1, notTried: 2 });
    expect(results.map(({ status }) => status)).toEqual([201, 409]);
    expect(await bench.where(build)).toEqual([10, 10, null, 'running']);
  });

  it('counts a batch that is sent again once, also when it is sent by many at a time', async () => {
    const build = await bench.newBuild();
    const reports = [5, 10, 15, 20].map((state) => ({ state, eventId: randomUUID() }));
    const all = await Promise.all(Array.from({ length: 4 }, () => send(build, reports)));
    const again = await send(build, reports);
    expect(await bench.history(build)).toEqual(reports.map(({ state }) => `${state}#1 completed`));
    const ids = again.results.map(({ answer }) => answer?.id);
    for (const { results, recorded } of all) {
      // A copy whose earlier report was overtaken by another copy's later one still answers what that one answered.
      expect(recorded).toBe(4);
      expect(results.map(({ answer }) => answer?.id)).toEqual(ids);
    }
  });

  it('counts a batch with a key once, though its reports have no ids', async () => {
    const build = await bench.newBuild();
    const input = { params: { buildId: build }, body: [5, 10, 15].map((state) => ({ state, message: 'x' })) };
    const options = { idempotencyKey: randomUUID() };
    const first = await bench.door.call('recordStates', input, options);
    expect(first.body.results.map(({ answer }) => answer?.state)).toEqual([5, 10, 15]);
    expect(await bench.door.call('recordStates', input, options)).toEqual({ ...first, replayed: true });
    const ids = first.body.results.map(({ answer }) => answer?.eventId);
    expect(new Set(ids).size).toBe(3);
    expect(await bench.history(build)).toEqual(['5#1 completed', '10#1 completed', '15#1 completed']);
  });

  it('takes an empty batch, and none for a build that is not there', async () => {
    const build = await bench.newBuild();
    expect(await send(build, [])).toEqual({ results: [], recorded: 0, refused: 0, notTried: 0 });
    await bench.refused('not_found', () => send(randomUUID(), [{ state: 5 }]));
    const many = Array.from({ length: 10_001 }, () => ({ state: 5 }));
    await bench.refused('validation_failed', () => send(build, many));
    await bench.refused('validation_failed', () => send(build, { state: 5 } as unknown as Reports));
    expect(await bench.history(build)).toEqual([]);
  });
}
