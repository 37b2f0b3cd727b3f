import { describe, expect, it } from 'vitest';
import type { DurationSamples } from '../../src/estimate/duration-samples.ts';
import { estimateBuild } from '../../src/estimate/eta.ts';
import { findStall } from '../../src/estimate/stall.ts';
import { timestamp } from '../../src/index.ts';
import { makeProject, Simulation } from '../support/simulation.ts';
import { lease, report } from '../support/steps.ts';

const ten = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/** What is known of states, by code. */
function known(samples: Record<number, readonly number[]>): DurationSamples {
  return new Map(Object.entries(samples).map(([state, seconds]) => [Number(state), seconds]));
}

/** A project whose catalogue expects some states to take so many seconds. */
function expecting(seconds: Record<number, number>) {
  const project = makeProject();
  return {
    ...project,
    stateCodes: project.stateCodes.map((entry) => ({
      ...entry,
      expectedDurationSeconds: seconds[entry.stateCode] ?? null,
    })),
  };
}

function etaOf(build: Simulation, samples: DurationSamples) {
  return estimateBuild(build.snapshot, samples, build.now);
}

describe('what is left of a build', () => {
  it('is the sum of the medians and of the 90th percentiles of the states to come', () => {
    const build = new Simulation();
    report(build, 'complete', 5);
    const eta = etaOf(build, known({ 5: ten, 10: ten, 100: ten }));
    expect(eta).toMatchObject({ basis: 'measured', p50Seconds: 110, p90Seconds: 182, unknownStates: [] });
    expect(eta?.states.map(({ state, samples }) => [state, samples])).toEqual([
      [10, 10],
      [100, 10],
    ]);
    expect(eta?.finishAt).toBe(timestamp(build.now + 110_000));
    expect(eta?.latestFinishAt).toBe(timestamp(build.now + 182_000));
  });

  it('falls back to the expected duration below five samples, and says so', () => {
    const build = new Simulation(expecting({ 10: 300, 15: 60 }));
    const samples = known({ 10: ten.slice(0, 4), 15: ten.slice(0, 5) });
    expect(etaOf(build, samples)).toMatchObject({
      basis: 'mixed',
      p50Seconds: 330,
      p90Seconds: 346,
      states: [
        { state: 10, basis: 'expected', samples: 4, p50Seconds: 300, p90Seconds: 300 },
        { state: 15, basis: 'measured', samples: 5, p50Seconds: 30, p90Seconds: 46 },
      ],
    });
  });

  it('is unknown where neither is there, and promises no end while a state is', () => {
    const build = new Simulation();
    expect(etaOf(build, known({}))).toBeNull();
    expect(etaOf(build, known({ 10: ten.slice(0, 4) }))).toBeNull();
    const half = etaOf(build, known({ 10: ten.slice(0, 4), 15: ten.slice(0, 5) }));
    expect(half).toMatchObject({ p50Seconds: 30, unknownStates: [10], finishAt: null, latestFinishAt: null });
  });

  it('reckons with the time that the open attempt has taken: only slower ones count', () => {
    const build = new Simulation();
    report(build, 'start', 10);
    build.wait(65);
    const [state] = etaOf(build, known({ 10: ten }))?.states ?? [];
    // 70, 80, 90 and 100 took longer than 65 seconds.
    expect(state).toMatchObject({ elapsedSeconds: 65, p50Seconds: 20, p90Seconds: 32 });
    build.wait(100);
    expect(etaOf(build, known({ 10: ten }))?.states[0]).toMatchObject({ p50Seconds: 0, p90Seconds: 0 });
  });

  it('leaves out states that few builds pass through, and those of another way', () => {
    const build = new Simulation(expecting({ 20: 1000 }));
    const eta = etaOf(build, known({ 10: ten, 42: ten.slice(0, 4), 100: ten }));
    expect(eta?.states.map(({ state }) => state)).toEqual([10, 100]);
  });

  it('is nothing once the build is over, and has no end while it stands still', () => {
    const build = new Simulation();
    report(build, 'fail', 10, { isRetryable: true });
    const waiting = etaOf(build, known({ 10: ten }));
    expect(build.build.nextRetryAt).not.toBeNull();
    expect(waiting?.finishAt).toBe(timestamp(Date.parse(build.build.nextRetryAt ?? '') + 55_000));
    const stopped = new Simulation();
    report(stopped, 'fail', 10, { isRetryable: false });
    expect(etaOf(stopped, known({ 10: ten }))).toMatchObject({ p50Seconds: 55, finishAt: null });
    const done = new Simulation();
    report(done, 'complete', 100);
    expect(etaOf(done, known({ 10: ten }))).toBeNull();
  });
});

describe('an attempt that is stalled', () => {
  it('has taken longer than three times the 90th percentile, or than expected if that is more', () => {
    const build = new Simulation(expecting({ 15: 400 }));
    const samples = known({ 10: ten, 15: ten });
    report(build, 'start', 10);
    build.wait(273);
    expect(findStall(build.snapshot, samples, build.now)).toBeNull();
    const limit = build.now;
    build.wait(1);
    expect(findStall(build.snapshot, samples, build.now)).toMatchObject({
      state: 10,
      reason: 'slow',
      limitSeconds: 273,
      elapsedSeconds: 274,
      since: timestamp(limit),
    });
    report(build, 'start', 15);
    build.wait(400);
    expect(findStall(build.snapshot, samples, build.now)).toBeNull();
    build.wait(1);
    expect(findStall(build.snapshot, samples, build.now)).toMatchObject({ state: 15, limitSeconds: 400 });
  });

  it('is never one of which nothing is known', () => {
    const build = new Simulation();
    report(build, 'start', 10);
    build.wait(1_000_000);
    expect(findStall(build.snapshot, known({ 10: ten.slice(0, 4) }), build.now)).toBeNull();
  });

  it('is one whose lease has expired', () => {
    const build = new Simulation();
    const { token, ttlSeconds } = lease(build);
    report(build, 'start', 10, { leaseToken: token });
    build.wait(ttlSeconds - 1);
    expect(findStall(build.snapshot, known({}), build.now)).toBeNull();
    build.wait(1);
    expect(findStall(build.snapshot, known({}), build.now)).toMatchObject({
      reason: 'silent',
      limitSeconds: null,
      since: timestamp(build.now),
    });
  });
});
