import type { BuildHead, EventStream, StreamedEvent, StreamQuery } from '@buildstate/core';
import { expect, test } from 'vitest';
import { makeEvent } from '../fixtures/change.ts';
import { makeProject } from '../fixtures/project.ts';
import { BenchError, type StoreBench } from './bench.ts';

/** Everything behind a position, part by part. */
export async function readStreamParts(
  stream: EventStream,
  query: Omit<StreamQuery, 'limit'>,
  limit: number,
): Promise<StreamedEvent[]> {
  const all: StreamedEvent[] = [];
  let after = query.after;
  for (;;) {
    const { items, next } = await stream.readStream({ ...query, after, limit });
    expect(items.length).toBeLessThanOrEqual(limit);
    all.push(...items);
    if (next === undefined) return all;
    after = next;
  }
}

const names = (items: readonly StreamedEvent[]) => items.map(({ event }) => `${event.buildId}#${event.seq}`);

/** The one order of the events of all builds. */
export function eventStreamCases(bench: StoreBench): void {
  if (!bench.traits.capabilities.globalStream) {
    test('has no stream over all builds, and says so', () => {
      expect(bench.store.capabilities.globalStream).toBe(false);
      expect(bench.store.readStream).toBeUndefined();
      expect(bench.store.hasPosition).toBeUndefined();
    });
    return;
  }

  function stream(store = bench.store): EventStream {
    const { readStream, hasPosition } = store;
    if (readStream === undefined || hasPosition === undefined)
      throw new BenchError('the store has no stream');
    return { readStream: readStream.bind(store), hasPosition: hasPosition.bind(store) };
  }

  /** Three builds, changed by turns. */
  async function threeBuilds(): Promise<BuildHead[]> {
    const heads = [await bench.create(), await bench.create(), await bench.create()];
    for (let round = 0; round < 3; round += 1) {
      for (const [index, head] of heads.entries()) {
        const events = [makeEvent('state.failed', { round }), makeEvent('build.failed')];
        heads[index] = await bench.commit(head, { events });
      }
    }
    return heads;
  }

  test('gives events in the order in which they were written, whole, with their builds', async () => {
    const heads = await threeBuilds();
    const [first] = heads as [BuildHead];
    const all = await readStreamParts(stream(), { order: 'oldest' }, 1000);
    const ids = heads.map(({ build }) => build.id);
    const written = [
      ...ids.map((id) => `${id}#1`),
      ...[2, 4, 6].flatMap((seq) => ids.flatMap((id) => [`${id}#${seq}`, `${id}#${seq + 1}`])),
    ];
    expect(names(all)).toEqual(written);
    const { items } = await bench.store.listEvents(first.build.id, { limit: 100 });
    const own = all.filter(({ event }) => event.buildId === first.build.id);
    expect(own.map(({ event }) => event)).toEqual(items);
    const { buildNumber, projectId, project } = first.build;
    for (const { build } of own) expect(build).toEqual({ buildNumber, projectId, project });
    expect(new Set(all.map(({ position }) => position)).size).toBe(all.length);
  });

  test('is read in parts from either end, and on from every position', async () => {
    await threeBuilds();
    const all = await readStreamParts(stream(), { order: 'oldest' }, 1000);
    const backwards = all.toReversed();
    for (const limit of [1, 4, 21, 22]) {
      expect(await readStreamParts(stream(), { order: 'oldest' }, limit)).toEqual(all);
      expect(await readStreamParts(stream(), { order: 'newest' }, limit)).toEqual(backwards);
    }
    for (const [index, { position }] of all.entries()) {
      const rest = await readStreamParts(stream(), { order: 'oldest', after: position }, 7);
      expect(rest).toEqual(all.slice(index + 1));
      expect(await stream().hasPosition(position)).toBe(true);
    }
    expect(await readStreamParts(stream(), { order: 'oldest', after: '0' }, 5)).toEqual(all);
    expect(await stream().hasPosition('0')).toBe(true);
  });

  test('can be narrowed to a project, a build, types and a time', async () => {
    const heads = await threeBuilds();
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const apart = await bench.create({}, other);
    const all = await readStreamParts(stream(), { order: 'oldest' }, 1000);
    const find = (query: Partial<StreamQuery>) =>
      readStreamParts(stream(), { order: 'oldest', ...query }, 2).then(names);
    const whose = (wanted: (streamed: StreamedEvent) => boolean) => names(all.filter(wanted));
    expect(await find({ projectId: other.id })).toEqual([`${apart.build.id}#1`]);
    const id = heads[1]?.build.id;
    expect(await find({ buildId: id })).toEqual(whose(({ event }) => event.buildId === id));
    const types = ['build.failed', 'build.created'] as const;
    expect(await find({ types })).toEqual(whose(({ event }) => event.type !== 'state.failed'));
    expect(await find({ types, buildId: id })).toHaveLength(4);
    expect(await find({ types: [] })).toEqual([]);
    const since = all[9]?.event.at ?? '';
    expect(await find({ since })).toEqual(whose(({ event }) => event.at >= since));
  });

  test('knows positions that are its own from others', async () => {
    await threeBuilds();
    const { items } = await stream().readStream({ order: 'newest', limit: 1 });
    const position = items[0]?.position ?? '';
    const otherHash = position.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await stream().hasPosition(otherHash)).toBe(false);
    expect(await stream().hasPosition(position.replace(/(\d+)(?=-[0-9a-f]+$)/, '999999999'))).toBe(false);
    for (const after of ['', 'x', '12', '-1', `${position}-1`, '1-2-3-4-00000000']) {
      const refused = { problems: [{ path: 'after' }] };
      await expect(stream().hasPosition(after)).rejects.toMatchObject(refused);
      await expect(stream().readStream({ order: 'oldest', after, limit: 1 })).rejects.toMatchObject(refused);
    }
  });

  test('takes in builds that are put back, at its end and in their own order', async () => {
    const [first] = (await threeBuilds()) as [BuildHead];
    const whole = await bench.store.loadWholeBuild(first.build.id);
    if (whole === undefined) throw new BenchError('the build is not there');
    const last = (await stream().readStream({ order: 'newest', limit: 1 })).items[0]?.position;
    const id = crypto.randomUUID();
    const moved = {
      ...whole,
      head: { ...whole.head, build: { ...whole.head.build, id, buildNumber: id } },
      events: whole.events.map((event) => ({ ...event, buildId: id })),
    };
    expect(await bench.store.restoreBuild(moved)).toEqual({});
    const rest = await readStreamParts(stream(), { order: 'oldest', after: last }, 3);
    expect(names(rest)).toEqual(whole.events.map(({ seq }) => `${id}#${seq}`));
  });

  test('never shows a reader an event before one that it was given, whoever writes meanwhile', async () => {
    const { writers, changes } = { writers: 8, changes: 25 };
    const stores = [bench.store, await bench.another(), await bench.another()];
    const heads = await Promise.all(Array.from({ length: writers }, () => bench.create()));
    const writing = heads.map(async (head, index) => {
      let current = head;
      for (let count = 0; count < changes; count += 1) {
        const store = stores[(index + count) % stores.length] ?? bench.store;
        const events = [makeEvent('build.updated', { count }), makeEvent('state.failed')];
        current = await bench.commit(current, { events }, store);
      }
    });
    let done = false;
    const written = Promise.all(writing).finally(() => {
      done = true;
    });
    const follow = async (reader: EventStream): Promise<StreamedEvent[]> => {
      const given: StreamedEvent[] = [];
      for (let last = false; ; ) {
        const after = given.at(-1)?.position;
        const { items, next, held } = await reader.readStream({ order: 'oldest', after, limit: 50 });
        given.push(...items);
        if (last && items.length === 0 && next === undefined && !held) return given;
        last = done;
        await new Promise(setImmediate);
      }
    };
    const readers = await Promise.all(stores.map((store) => follow(stream(store))));
    await written;
    const all = await readStreamParts(stream(), { order: 'oldest' }, 1000);
    expect(all).toHaveLength(writers * (1 + 2 * changes));
    for (const given of readers) expect(names(given)).toEqual(names(all));
    for (const { build } of heads) {
      const own = all.filter(({ event }) => event.buildId === build.id).map(({ event }) => event.seq);
      expect(own).toEqual(Array.from({ length: 1 + 2 * changes }, (_, index) => index + 1));
    }
  });
}
