import { makeChange, makeCreation, makeEvent } from '@buildstate/conformance';
import type { StateStore, StreamedEvent } from '@buildstate/core';
import { newDatabase } from '@buildstate/tooling/postgres-shared';
import type pg from 'pg';
import { describe, expect, test } from 'vitest';
import { addProject, openDatabase, openStore } from './place.ts';

async function read(store: StateStore, after?: string): Promise<{ items: StreamedEvent[]; held: boolean }> {
  const part = await store.readStream?.({ order: 'oldest', after, limit: 1000 });
  if (part === undefined) throw new Error('the store has no stream');
  return { items: [...part.items], held: part.held };
}

const seqs = (items: readonly StreamedEvent[]) => items.map(({ event }) => event.seq);

async function place() {
  const { url } = await newDatabase();
  const store = await openStore(url);
  const creation = makeCreation(await addProject(store));
  await store.createBuild(creation);
  return { url, store, creation, build: creation.head.build.id };
}

/** Writes an event as any program with a connection may, and leaves the transaction open. */
async function begin(database: pg.Client, build: string, seq: number): Promise<void> {
  await database.query('begin');
  await database.query(
    `insert into build_events (build_id, seq, type, actor_id, at, data, prev_hash, hash)
      values ($1, $2, 'build.updated', 'x', now(), '{}', $3, $3)`,
    [build, seq, String(seq).repeat(64).slice(0, 64)],
  );
}

describe('the stream of events of a PostgreSQL store', () => {
  test('shows neither a gap nor a later event first when two transactions end in the other order', async () => {
    const { url, store, build } = await place();
    const [early, late] = [await openDatabase(url), await openDatabase(url)];
    const [created] = (await read(store)).items;
    await begin(early, build, 101);
    await begin(late, build, 102);
    await late.query('commit');
    // The later one is there for everybody, and not yet in the stream.
    expect((await store.listEvents(build, { limit: 9 })).items.map(({ seq }) => seq)).toEqual([1, 102]);
    expect(await read(store, created?.position)).toEqual({ items: [], held: true });
    expect(
      (await store.readStream?.({ order: 'newest', limit: 9 }))?.items.map(({ event }) => event.seq),
    ).toEqual([1]);
    await early.query('commit');
    const { items, held } = await read(store, created?.position);
    expect(seqs(items)).toEqual([101, 102]);
    expect(held).toBe(false);
  });

  test('does not wait for a transaction that only reads, and goes on when one is given up', async () => {
    const { url, store, build } = await place();
    const [reader, writer] = [await openDatabase(url), await openDatabase(url)];
    await reader.query('begin isolation level repeatable read');
    await reader.query('select count(*) from build_events');
    await begin(writer, build, 101);
    await writer.query('rollback');
    await begin(writer, build, 102);
    await writer.query('commit');
    expect(seqs((await read(store)).items)).toEqual([1, 102]);
    await reader.query('rollback');
  });

  test('is read along the index, however long it is', async () => {
    const { url } = await place();
    const database = await openDatabase(url);
    await database.query('set enable_seqscan = off');
    const { rows } = await database.query(
      `explain (costs off) select * from build_events
        where (transaction_id, position) > ('5', '7') and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
        order by transaction_id, position limit 10`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index Scan using build_events_pkey/);
    expect(plan).not.toMatch(/Sort/);
  });

  test('goes on in a younger server that a dump was put into', async () => {
    const { url, store, creation, build } = await place();
    const database = await openDatabase(url);
    const { items: before } = await read(store);
    await store.close();
    // As a dump brings them: numbered far beyond what this server has come to.
    await database.query("update build_events set transaction_id = '900000000'");
    const restored = await openStore(url);
    const { items } = await read(restored);
    expect(seqs(items)).toEqual([1]);
    expect(await restored.hasPosition?.(before[0]?.position ?? '')).toBe(false);
    await restored.commitBuild(makeChange(creation.head, { events: [makeEvent('build.updated')] }));
    const { items: after } = await read(restored, items[0]?.position);
    expect(after.map(({ event }) => [event.buildId, event.seq])).toEqual([[build, 2]]);
  });
});
