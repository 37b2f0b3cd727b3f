import { makeAttempt, makeChange, makeCreation } from '@buildstate/conformance';
import { NoSpaceError, StoreError, UnavailableError } from '@buildstate/core';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { WriteStatement } from '../../src/sql/dialect.ts';
import { SqliteSession } from '../../src/sqlite/sqlite-session.ts';
import { addProject, newFolder, openDatabase, openStore } from './place.ts';

/** A session on a table of texts, and all statements that its database ran. */
async function newSession(patience = 1000) {
  const file = `${await newFolder()}/test.db`;
  const ran: string[] = [];
  const database = new Database(file, { timeout: 0, verbose: (text) => ran.push(String(text)) });
  database.pragma('journal_mode = WAL');
  database.exec('create table texts (text text primary key) strict');
  const session = new SqliteSession(database, file, patience);
  onTestFinished(() => session.close());
  ran.length = 0;
  const texts = () => openDatabase(file).prepare('select text from texts order by 1').pluck().all();
  return { session, database, file, ran, texts };
}

const insert = (text: unknown): WriteStatement => ({
  sql: 'insert into texts values (?)',
  parameters: [text],
});

describe('group commit', () => {
  test('puts writes that wait together into one transaction', async () => {
    const { session, ran, texts } = await newSession();
    const words = Array.from({ length: 50 }, (_, index) => `word ${String(index).padStart(2, '0')}`);
    await Promise.all(words.map((word) => session.write([insert(word)])));
    expect(ran.filter((text) => text.startsWith('BEGIN'))).toEqual(['BEGIN IMMEDIATE']);
    expect(ran.filter((text) => text === 'COMMIT')).toHaveLength(1);
    expect(texts()).toEqual(words);
  });

  test('waits for writes as long as each turn of the event loop brings more', async () => {
    const { session, ran, texts } = await newSession();
    const words = ['a', 'b', 'c', 'd'];
    const writes: Promise<unknown>[] = [];
    const arrive = (next: number): void => {
      if (next + 1 < words.length) setImmediate(() => arrive(next + 1));
      writes.push(session.write([insert(words[next])]));
    };
    arrive(0);
    await writes[0];
    expect(ran.filter((text) => text === 'COMMIT')).toHaveLength(1);
    expect(writes).toHaveLength(words.length);
    await Promise.all(writes);
    expect(texts()).toEqual(words);
  });

  test('splits a crowd, so that the lock is free in between', async () => {
    const { session, ran } = await newSession();
    await Promise.all(Array.from({ length: 300 }, (_, index) => session.write([insert(`${index}`)])));
    expect(ran.filter((text) => text === 'COMMIT')).toHaveLength(3);
  });

  test('tells nobody before the transaction is committed', async () => {
    const { session, ran } = await newSession();
    const seen = await Promise.all(
      ['a', 'b', 'c'].map(async (word) => {
        await session.write([insert(word)]);
        return ran.at(-1);
      }),
    );
    expect(seen).toEqual(['COMMIT', 'COMMIT', 'COMMIT']);
  });

  test('undoes a write that fails halfway, and keeps those around it', async () => {
    const { session, texts } = await newSession();
    const results = await Promise.allSettled([
      session.write([insert('a')]),
      session.write([insert('gone'), insert('a')]),
      session.write([
        insert('also gone'),
        insert(null),
        { sql: 'insert into absent values (1)', parameters: [] },
      ]),
      session.write([insert('b')]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: expect.any(StoreError) });
    expect(texts()).toEqual(['a', 'b']);
  });

  test('undoes a write whose guard refuses, wherever it stands', async () => {
    const { session, texts } = await newSession();
    const nothing = { sql: "delete from texts where text = 'absent'", parameters: [], guard: true };
    const outcomes = await Promise.all([
      session.write([insert('a')]),
      session.write([insert('gone'), nothing]),
      session.write([insert('gone too'), { ...insert('a'), guard: true }]),
      session.write([
        { ...insert('b'), guard: true },
        { sql: 'update texts set text = text returning text', parameters: [] },
      ]),
    ]);
    expect(outcomes.map(({ applied }) => applied)).toEqual([true, false, false, true]);
    expect(outcomes[3]?.rows).toEqual([{ text: 'a' }, { text: 'b' }]);
    expect(texts()).toEqual(['a', 'b']);
  });

  test('fails all writes of a transaction that the full disk ended, and works again once there is space', async () => {
    const { session, database, texts } = await newSession();
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages}`);
    const results = await Promise.allSettled([
      session.write([insert('small')]),
      session.write([insert('x'.repeat(100_000))]),
    ]);
    expect(results[1]).toMatchObject({ reason: expect.any(NoSpaceError) });
    const kept = results[0]?.status === 'fulfilled' ? ['small'] : [];
    expect(texts()).toEqual(kept);
    database.pragma('max_page_count = 1000000');
    await session.write([insert('later')]);
    expect(texts()).toEqual(['later', ...kept]);
  });

  test('waits for another process without holding up this one, and takes along what arrives meanwhile', async () => {
    const { session, file, ran, texts } = await newSession(5000);
    const other = openDatabase(file);
    other.exec('BEGIN IMMEDIATE');
    const writes = [session.write([insert('first')])];
    let turns = 0;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        turns += 1;
        writes.push(session.write([insert(`while waiting ${turns}`)]));
        if (turns < 5) return;
        clearInterval(timer);
        resolve();
      }, 10);
    });
    expect(texts()).toEqual([]);
    other.exec('COMMIT');
    await Promise.all(writes);
    expect(ran.filter((text) => text === 'COMMIT')).toHaveLength(1);
    expect(texts()).toHaveLength(6);
  });

  test('gives up when the lock does not come free, and nothing is written later', async () => {
    const { session, file, texts } = await newSession(50);
    const other = openDatabase(file);
    other.exec('BEGIN IMMEDIATE');
    await expect(session.write([insert('never')])).rejects.toThrow(UnavailableError);
    other.exec('COMMIT');
    await session.write([insert('after')]);
    expect(texts()).toEqual(['after']);
  });

  test('closes only after what waits is written, and takes nothing new', async () => {
    const { session, file } = await newSession();
    const writes = [session.write([insert('a')]), session.write([insert('b')])];
    await session.close();
    await Promise.all(writes);
    await expect(session.write([insert('c')])).rejects.toThrow(UnavailableError);
    await expect(session.read([])).rejects.toThrow(UnavailableError);
    expect(openDatabase(file).prepare('select count(*) from texts').pluck().get()).toBe(2);
  });
});

test('lets timers and requests have their turn while somebody reads on and on', async () => {
  const { session } = await newSession();
  let turns = 0;
  setTimeout(() => {
    turns += 1;
  }, 1);
  let reads = 0;
  for (; turns === 0 && reads < 50_000; reads += 1)
    await session.read([{ sql: 'select count(*) from texts', parameters: [] }]);
  expect(reads).toBeLessThan(50_000);
});

describe('writers that turn from reading to writing', () => {
  test('fifty of them lose nothing and never see a stale snapshot', async () => {
    const uri = `sqlite://${await newFolder()}/state.db`;
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(uri)));
    const [first] = stores;
    if (first === undefined) throw new Error('no store');
    const change = makeCreation(await addProject(first));
    const { id } = change.head.build;
    await first.createBuild(change);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async (_, writer) => {
        const store = stores[writer % stores.length] ?? first;
        for (let conflicts = 0; ; conflicts += 1) {
          const loaded = await store.loadBuild(id);
          if (loaded === undefined) throw new Error('the build is gone');
          const next = makeChange(loaded.snapshot, { attempts: [makeAttempt(id)] });
          if ((await store.commitBuild(next)) === 'applied') return conflicts;
        }
      }),
    );
    expect(outcomes).toHaveLength(50);
    expect((await first.loadBuild(id))?.snapshot.build.version).toBe(51);
    expect((await first.listAttempts(id, { limit: 100 })).items).toHaveLength(50);
  });
});
