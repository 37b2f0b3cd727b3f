import { describe, expect, it } from 'vitest';
import { ClaimQueue, type Taking } from '../../src/tracker/claim-queue.ts';
import { ManualClock, settled } from '../support/manual-clock.ts';

/** A queue before a store that has some builds, and what was asked of the store. */
function bench({ builds = [] as string[], told = true } = {}) {
  const clock = new ManualClock();
  const looks: number[] = [];
  let problem: Error | undefined;
  const queue = new ClaimQueue({
    look: async (limit) => {
      looks.push(limit);
      if (problem !== undefined) throw problem;
      return builds.slice(0, limit);
    },
    clock,
    random: () => 0.5,
    toldOfChanges: () => told,
  });
  /** Takes whatever is proposed; it does not wait any more then. */
  const take = async (id: string): Promise<Taking<string>> => {
    builds.splice(builds.indexOf(id), 1);
    return { taken: id };
  };
  const until = (milliseconds: number) => clock.monotonic() + milliseconds;
  const fail = (error: Error) => {
    problem = error;
  };
  return { queue, clock, looks, take, builds, until, fail };
}

const unfit = async (): Promise<Taking<string>> => 'unfit';

describe('a claim queue', () => {
  it('serves all who come together by one look, each with another build, the oldest first', async () => {
    const { queue, looks, take } = bench({ builds: ['a', 'b', 'c'] });
    const given = await Promise.all([queue.claim(take), queue.claim(take), queue.claim(take)]);
    expect(given).toEqual(['a', 'b', 'c']);
    // The first look is under way when the others come, who share the second.
    expect(looks.length).toBeLessThanOrEqual(2);
    expect(queue.idle).toBe(true);
  });

  it('answers nothing to one who does not wait', async () => {
    const { queue, take, clock } = bench();
    expect(await queue.claim(take)).toBeUndefined();
    expect(clock.pending).toEqual([]);
  });

  it('proposes what a worker cannot do to it once, and to others all the same', async () => {
    const { queue, take } = bench({ builds: ['a', 'b'] });
    const proposed: string[] = [];
    const picky = async (id: string) => {
      proposed.push(id);
      return id === 'a' ? 'unfit' : take(id);
    };
    expect(await queue.claim(picky)).toBe('b');
    expect(proposed).toEqual(['a', 'b']);
    expect(await queue.claim(take)).toBe('a');
  });

  it('looks again now and then for those who wait, and gives up when their time is over', async () => {
    const { queue, clock, looks, take, builds, until } = bench();
    const early = queue.claim(take, { until: until(1500) });
    const late = queue.claim(take, { until: until(60_000) });
    await settled();
    const before = looks.length;
    await clock.advance(1000);
    expect(looks).toHaveLength(before + 1);
    await clock.advance(500);
    expect(await early).toBeUndefined();
    builds.push('a');
    await clock.advance(1000);
    expect(await late).toBe('a');
    expect(clock.pending).toEqual([]);
  });

  it('looks more often where nobody tells of changes', async () => {
    const { queue, clock, looks, take, until } = bench({ told: false });
    const stop = new AbortController();
    const claim = queue.claim(take, { until: until(60_000), signal: stop.signal });
    await settled();
    const before = looks.length;
    await clock.advance(250);
    expect(looks).toHaveLength(before + 1);
    stop.abort();
    expect(await claim).toBeUndefined();
  });

  it('looks soon when it is woken, once for any number of changes', async () => {
    const { queue, clock, looks, take, builds, until } = bench();
    const claim = queue.claim(take, { until: until(60_000) });
    await settled();
    const before = looks.length;
    builds.push('a');
    for (let change = 0; change < 100; change++) queue.wake();
    await clock.advance(25);
    expect(await claim).toBe('a');
    expect(looks).toHaveLength(before + 1);
  });

  it('lets go at once of one who leaves, also when that is while a build is tried for it', async () => {
    const { queue, take, builds, until } = bench({ builds: ['a'] });
    const stop = new AbortController();
    const leaving = async (): Promise<Taking<string>> => {
      stop.abort();
      return 'taken_already';
    };
    expect(await queue.claim(leaving, { until: until(60_000), signal: stop.signal })).toBeUndefined();
    expect(queue.idle).toBe(true);
    builds.length = 0;
    const waiting = new AbortController();
    const claim = queue.claim(take, { until: until(60_000), signal: waiting.signal });
    await settled();
    waiting.abort();
    expect(await claim).toBeUndefined();
    expect(queue.idle).toBe(true);
  });

  it('looks further and takes turns at random when others take candidates away, and calms down', async () => {
    const { queue, looks, take, builds } = bench({ builds: Array.from({ length: 40 }, (_, n) => `b${n}`) });
    await queue.claim(take);
    const [calm = 0] = looks;
    let losses = 3;
    const contended = async (id: string): Promise<Taking<string>> => {
      if (losses === 0) return take(id);
      losses -= 1;
      builds.splice(builds.indexOf(id), 1);
      return 'taken_already';
    };
    await queue.claim(contended);
    await queue.claim(take);
    expect(looks.at(-1)).toBeGreaterThan(calm);
    for (let quiet = 0; quiet < 8; quiet++) await queue.claim(take);
    expect(looks.at(-1)).toBe(calm);
    const [oldest] = builds;
    expect(await queue.claim(take)).toBe(oldest);
  });

  it('tells everybody of a look that failed, and looks anew for who comes next', async () => {
    const { queue, take, fail, until } = bench();
    fail(new Error('the database is away'));
    const claims = [queue.claim(take), queue.claim(unfit, { until: until(60_000) })];
    for (const claim of claims) await expect(claim).rejects.toThrow('the database is away');
    expect(queue.idle).toBe(true);
  });

  it('throws what taking throws, and has the build for others', async () => {
    const { queue, take } = bench({ builds: ['a'] });
    const broken = () => Promise.reject(new Error('the disk is full'));
    await expect(queue.claim(broken)).rejects.toThrow('the disk is full');
    expect(await queue.claim(take)).toBe('a');
  });
});
