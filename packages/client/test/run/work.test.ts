import { UnavailableError, ValidationError } from '@buildstate/core';
import { describe, expect, test } from 'vitest';
import type { BuildFile } from '../../src/run/file/build-file.ts';
import { type WorkerRequest, work } from '../../src/run/worker/work.ts';
import type { WorkerEvent } from '../../src/run/worker/worker-event.ts';
import { ManualInterrupts } from '../../src/step/command/interrupts.ts';
import type { Surroundings } from '../../src/step/surroundings.ts';
import { FakeClock } from '../support/fake-clock.ts';

const file = {
  project: 'images',
  secrets: [],
  env: {},
  folder: '/',
  states: [{ code: 10 }],
} as unknown as BuildFile;

/** A worker before a tracker that answers claims with what it is told, one after the other, and is then asked to stop. */
async function workAgainst(answers: readonly (Error | undefined)[], random = () => 1) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const left = [...answers];
  const claim = async () => {
    const answer = left.shift();
    if (left.length === 0) stop.abort();
    if (answer !== undefined) throw answer;
    return undefined;
  };
  const events: WorkerEvent[] = [];
  const around = {
    client: { leases: { claim } },
    clock,
    strict: false,
    masker: { add: () => {} },
    environment: {},
  };
  const request: WorkerRequest = {
    file,
    pollSeconds: 0,
    stop: stop.signal,
    interrupts: new ManualInterrupts(),
    tell: (event) => events.push(event),
    random,
  };
  const result = await work(around as unknown as Surroundings, request);
  return { result, clock, events, pauses: clock.sleeps.map((milliseconds) => milliseconds / 1000) };
}

const away = () => new UnavailableError('The server is away.');

describe('a worker whose tracker is away', () => {
  test('asks again after pauses that double to a minute', async () => {
    const { pauses, events, result } = await workAgainst(Array.from({ length: 10 }, away));
    // The last answer asks it to stop, which ends the pause before it begins.
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(events.filter(({ type }) => type === 'away')).toHaveLength(9);
    expect(events[1]).toMatchObject({ type: 'away', message: 'The server is away.', seconds: 1 });
    expect(result).toEqual({ builds: 0, last: undefined });
  });

  test('is as quick as at first once the tracker has answered', async () => {
    const { pauses } = await workAgainst([away(), away(), away(), undefined, away(), undefined]);
    expect(pauses).toEqual([1, 2, 4, 1]);
  });

  test('comes back apart from other workers, by up to half of a pause', async () => {
    const { pauses } = await workAgainst([away(), away(), away(), undefined], () => 0);
    expect(pauses).toEqual([0.5, 1, 2]);
  });

  test('does not wait for a tracker that refuses', async () => {
    const refused = new ValidationError('project is not a name.', { problems: [] });
    await expect(workAgainst([refused, undefined])).rejects.toBe(refused);
  });
});
