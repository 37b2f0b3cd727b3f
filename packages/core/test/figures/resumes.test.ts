import { describe, expect, it } from 'vitest';
import { resumeStats, resumeSuccess } from '../../src/figures/resumes.ts';
import { savedTime } from '../../src/figures/time-saved.ts';
import { at, attempt, facts, request } from './facts.ts';

describe('time saved', () => {
  const before = [
    attempt({ id: '1', state: 5, durationSeconds: 100 }),
    attempt({ id: '2', state: 10, durationSeconds: 40, createdAt: at(5) }),
    attempt({ id: '3', state: 15, status: 'failed', createdAt: at(9) }),
  ];
  const again = attempt({ id: '4', state: 15, createdAt: at(101) });
  const one = request();

  it('is the completed work before the state resumed at', () => {
    expect(savedTime([one], [one], [...before, again])).toEqual({
      resumes: 1,
      savedSeconds: 140,
      attemptsKept: 2,
      attemptsUnmeasured: 0,
    });
  });

  it('is nothing as long as the build has not gone on', () => {
    expect(savedTime([one], [one], before)).toMatchObject({ resumes: 0, savedSeconds: 0 });
    const note = attempt({ state: 15, attempt: null, status: 'manual_retry', createdAt: at(101) });
    expect(savedTime([one], [one], [...before, note])).toMatchObject({ resumes: 0 });
  });

  it('leaves out what was done again', () => {
    const redone = attempt({ id: '5', state: 10, createdAt: at(102) });
    expect(savedTime([one], [one], [...before, again, redone])).toMatchObject({ savedSeconds: 100 });
  });

  it('counts each resume up to the next one', () => {
    const two = request({ id: 's', createdAt: at(200), resumeFromState: 20 });
    const failed = { ...again, status: 'failed' as const };
    const later = attempt({ id: '6', state: 10, durationSeconds: 50, createdAt: at(201) });
    const attempts = [...before, failed, later];
    expect(savedTime([one], [one, two], attempts)).toMatchObject({ resumes: 1, savedSeconds: 140 });
    expect(savedTime([two], [one, two], attempts)).toMatchObject({ resumes: 1, savedSeconds: 100 });
    expect(savedTime([one, two], [one, two], attempts)).toMatchObject({ resumes: 2, savedSeconds: 240 });
  });

  it('counts of each state the last completion, and no time where nobody saw the start', () => {
    const twice = [attempt({ state: 5, durationSeconds: 7, createdAt: at(1) }), again];
    expect(savedTime([one], [one], [...before.slice(0, 1), ...twice])).toMatchObject({
      savedSeconds: 7,
      attemptsKept: 1,
    });
    const inferred = [attempt({ state: 5, startInferred: true }), again];
    expect(savedTime([one], [one], inferred)).toEqual({
      resumes: 1,
      savedSeconds: 0,
      attemptsKept: 1,
      attemptsUnmeasured: 1,
    });
  });

  it('counts nothing that was rolled back', () => {
    const gone = before.map((row) => ({ ...row, status: 'rolled_back' as const }));
    expect(savedTime([one], [one], [...gone, again])).toMatchObject({ resumes: 1, attemptsKept: 0 });
  });
});

it('resume requests are counted by how they went, who asked and where they resumed', () => {
  const build = facts();
  const stats = resumeStats(
    [
      request({ orchestrationStatus: 'completed', completedAt: at(110) }),
      request({ orchestrationStatus: 'completed', completedAt: at(130), requestSource: 'cli' }),
      request({ orchestrationStatus: 'failed', completedAt: at(101), resumeFromState: 5 }),
      request({ orchestrationStatus: 'running', buildId: 'b2' }),
      request({ orchestrationStatus: 'cancelled' }),
    ].map((record) => ({ record, build })),
  );
  expect(stats).toMatchObject({
    requests: 5,
    builds: 2,
    open: 1,
    completed: 2,
    failed: 1,
    cancelled: 1,
    successRate: 0.6667,
    medianSecondsToComplete: 1200,
    sources: [
      { source: 'api', count: 4 },
      { source: 'cli', count: 1 },
    ],
  });
  expect(stats.states.map(({ state, requests }) => [state, requests])).toEqual([
    [5, 1],
    [15, 4],
  ]);
});

it('resumed builds are counted once, by how they stand now', () => {
  const of = (id: string, status: 'completed' | 'failed' | 'running' | 'cancelled') => ({
    record: request({ buildId: id }),
    build: facts({ id, status }),
  });
  const builds = [of('1', 'completed'), of('1', 'completed'), of('2', 'failed'), of('3', 'running')];
  expect(resumeSuccess([...builds, of('4', 'cancelled')])).toEqual({
    buildsResumed: 4,
    completed: 1,
    failed: 1,
    cancelled: 1,
    running: 1,
    successRate: 0.3333,
  });
  expect(resumeSuccess([])).toMatchObject({ buildsResumed: 0, successRate: null });
});
