import { makeBuild, makeHead, makeLease, makeProject } from '@buildstate/conformance';
import { describe, expect, it } from 'vitest';
import type { BuildSnapshot, Lease } from '../../src/index.ts';
import { RecentHeads } from '../../src/tracker/recent-heads.ts';

const project = makeProject();
const shownAt = Date.parse('2026-03-01T12:00:00.000Z');
const earlier = shownAt - 3_600_000;

function snapshot(fields: { id?: string; version?: number; lease?: Lease } = {}): BuildSnapshot {
  const { lease = null, ...build } = fields;
  return {
    ...makeHead(makeBuild(project, { ...build })),
    lease,
    project,
  };
}

/** Recent heads whose store has shown its clock, and the passing of time. */
function recentHeads() {
  let monotonic = 5000;
  const heads = new RecentHeads({ monotonic: () => monotonic });
  heads.storeShows(shownAt);
  return { heads, wait: (milliseconds: number) => (monotonic += milliseconds) };
}

describe('recent heads', () => {
  it('are recalled as they were written, at the time that has come by the store', () => {
    const { heads, wait } = recentHeads();
    const written = snapshot();
    heads.wrote(written, earlier);
    wait(2500.7);
    expect(heads.recall(written.build.id)).toMatchObject({ snapshot: written, now: shownAt + 2500 });
  });

  it('are never older in time than the change that made them', () => {
    const { heads } = recentHeads();
    const written = snapshot();
    heads.wrote(written, shownAt + 400);
    expect(heads.recall(written.build.id)?.now).toBe(shownAt + 400);
  });

  it('are forgotten after ten seconds, and where the clock was not shown for as long', () => {
    const { heads, wait } = recentHeads();
    const [early, late] = [snapshot(), snapshot()];
    heads.wrote(early, earlier);
    wait(9000);
    heads.wrote(late, earlier);
    expect(heads.recall(early.build.id)).toBeDefined();
    wait(1001);
    expect(heads.recall(late.build.id)).toBeUndefined();
    heads.storeShows(shownAt + 10_001);
    expect(heads.recall(early.build.id)).toBeUndefined();
    expect(heads.recall(late.build.id)).toBeDefined();
  });

  it('do not go back to an older version that was written before and told of later', () => {
    const { heads } = recentHeads();
    const newer = snapshot({ version: 8 });
    heads.wrote(newer, earlier);
    heads.wrote(snapshot({ id: newer.build.id, version: 7 }), earlier);
    expect(heads.recall(newer.build.id)?.snapshot).toBe(newer);
  });

  it('leave out builds with a live lease, whose heartbeats change no version', () => {
    const { heads } = recentHeads();
    const free = snapshot();
    heads.wrote(free, earlier);
    heads.wrote(
      snapshot({ id: free.build.id, version: free.build.version + 1, lease: makeLease() }),
      earlier,
    );
    expect(heads.recall(free.build.id)).toBeUndefined();
    const released = makeLease({ releasedAt: '2026-03-01T11:59:00.000Z' });
    heads.wrote(snapshot({ id: free.build.id, version: free.build.version + 2, lease: released }), earlier);
    expect(heads.recall(free.build.id)?.snapshot.lease).toBe(released);
  });

  it('are a thousand at most, of which the ones that were written first go', () => {
    const { heads } = recentHeads();
    const written = Array.from({ length: 1001 }, () => snapshot());
    for (const one of written) heads.wrote(one, earlier);
    expect(heads.recall(written[0]?.build.id ?? '')).toBeUndefined();
    expect(heads.recall(written[1]?.build.id ?? '')).toBeDefined();
  });
});
