import type { FollowedOperation, OperationAnswer, OperationInput } from '@buildstate/core';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

type Event<K extends FollowedOperation> = OperationAnswer<K>[number];

/** Events as lists and as they happen, of one build and of all. */
export function eventCases(bench: DoorBench): void {
  /** Follows a list until it has given so many events. */
  async function follow<K extends FollowedOperation>(
    operation: K,
    input: Partial<OperationInput<K>>,
    count: number,
    act: (given: readonly Event<K>[]) => Promise<unknown> = async () => undefined,
  ): Promise<Event<K>[]> {
    const given: Event<K>[] = [];
    for await (const event of bench.door.follow(operation, input)) {
      given.push(event);
      if (given.length >= count) break;
      await act(given);
    }
    return given;
  }

  /** Whether there is a stream over all builds behind this door; where there is none, it says so. */
  async function hasStream(): Promise<boolean> {
    return bench.call('listAllEvents', { query: { limit: '1' } }).then(
      () => true,
      async (error: unknown) => {
        const refused = await bench.refused('not_supported', () => Promise.reject(error));
        expect(refused.message).toMatch(/bldst events list BUILD/);
        return false;
      },
    );
  }

  it('follows a build from its first event, and then as it moves', async () => {
    const build = await bench.newBuild();
    await bench.report(build, { state: 5 });
    const states = [10, 15, 20];
    const given = await follow('listEvents', { params: { buildId: build } }, 5, async (so) => {
      const state = so.length >= 2 ? states[so.length - 2] : undefined;
      if (state !== undefined) await bench.report(build, { state });
    });
    expect(given).toEqual(await bench.call('listEvents', { params: { buildId: build } }));
    expect(given.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('goes on behind a number, and refuses one that the build has not reached', async () => {
    const build = await bench.newBuild();
    for (const state of [5, 10]) await bench.report(build, { state });
    const params = { buildId: build };
    const rest = await follow('listEvents', { params, query: { afterSeq: '2' } }, 1);
    expect(rest.map(({ seq }) => seq)).toEqual([3]);
    const again = await follow('listEvents', { params, query: { lastEventId: '1' } }, 2);
    expect(again.map(({ seq }) => seq)).toEqual([2, 3]);
    const listed = await bench.call('listEvents', { params, query: { lastEventId: '1' } });
    expect(listed).toEqual(again);
    const error = await bench.refused('validation_failed', () =>
      follow('listEvents', { params, query: { afterSeq: '4' } }, 1),
    );
    expect(error.message).toMatch(/is 4, and the build has 3 events/);
    await bench.refused('not_found', () => follow('listEvents', { params: { buildId: 'no:build' } }, 1));
  });

  it('ends following with the signal, without an error', async () => {
    const build = await bench.newBuild();
    const ending = new AbortController();
    const seen: number[] = [];
    const options = { signal: ending.signal };
    for await (const { seq } of bench.door.follow('listEvents', { params: { buildId: build } }, options)) {
      seen.push(seq);
      ending.abort();
    }
    expect(seen).toEqual([1]);
  });

  it('lists the events of all builds newest first, page by page, and on from each', async () => {
    if (!(await hasStream())) return;
    const project = await bench.newProject();
    const builds = [await bench.newBuild({ project }), await bench.newBuild({ project })];
    for (const state of [5, 10]) for (const build of builds) await bench.report(build, { state });
    const query = { projectId: project };
    const all = await bench.call('listAllEvents', { query });
    const place = ({ buildId, seq }: { buildId: string; seq: number }) => `${builds.indexOf(buildId)}#${seq}`;
    expect(all.map(place)).toEqual(['1#3', '0#3', '1#2', '0#2', '1#1', '0#1']);
    for (const event of all) expect(event).toMatchObject({ project });
    const pages: unknown[] = [];
    let cursor: string | undefined;
    do {
      const { body, next } = await bench.door.call('listAllEvents', {
        query: { ...query, limit: '2', cursor },
      });
      pages.push(...body);
      cursor = next;
    } while (cursor !== undefined);
    expect(pages).toEqual(all);
    const [, , third] = all;
    const after = await bench.call('listAllEvents', { query: { ...query, after: third?.position } });
    expect(after.map(place)).toEqual(['0#3', '1#3']);
    const started = await bench.call('listAllEvents', { query: { ...query, type: 'build.*', after: '0' } });
    expect(started.map(({ type }) => type)).toEqual(['build.created', 'build.created']);
    const one = await bench.call('listAllEvents', { query: { buildId: builds[0], type: 'state.completed' } });
    expect(one.map(place)).toEqual(['0#3', '0#2']);
    expect(await bench.call('listAllEvents', { query: { ...query, since: '2999-01-01T00:00:00Z' } })).toEqual(
      [],
    );
    expect(await bench.call('listAllEvents', { query: { ...query, skip: '5' } })).toEqual(all.slice(5));
  });

  it('refuses types and positions that are none, and names what is near', async () => {
    const typo = await bench.refused('validation_failed', () =>
      bench.call('listAllEvents', { query: { type: 'state.faild' } }),
    );
    expect(typo.message).toMatch(/no type of event "state.faild"; did you mean state.failed/);
    if (!(await hasStream())) return;
    for (const after of ['x', '99999999-00000000', '1-1-00000000'])
      await bench.refused('validation_failed', () => bench.call('listAllEvents', { query: { after } }));
    await bench.refused('not_found', () => bench.call('listAllEvents', { query: { projectId: 'nobody' } }));
  });

  it('follows all builds from a position, and gives each event once and in one order', async () => {
    const build = await bench.newBuild();
    if (!(await hasStream())) {
      await bench.refused('not_supported', () => follow('listAllEvents', {}, 1));
      return;
    }
    const [last] = await bench.call('listAllEvents', { query: { limit: '1' } });
    const project = await bench.newProject();
    const others = [await bench.newBuild({ project }), await bench.newBuild({ project })];
    const query = { after: last?.position, projectId: project };
    const given = await follow('listAllEvents', { query }, 6, async (so) => {
      if (so.length === 2) {
        await bench.report(build, { state: 5 });
        for (const state of [5, 10]) for (const other of others) await bench.report(other, { state });
      }
    });
    expect(given).toEqual(await bench.call('listAllEvents', { query }));
    expect(new Set(given.map(({ position }) => position)).size).toBe(6);
    const again = await follow('listAllEvents', { query: { ...query, after: given[2]?.position } }, 3);
    expect(again).toEqual(given.slice(3));
    const typed = await follow('listAllEvents', { query: { ...query, type: 'state.*' } }, 4);
    expect(typed).toEqual(given.slice(2));
  });
}
