import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  makeAttempt,
  makeChange,
  makeCreation,
  makeEvent,
  makeProject,
  newId,
} from '@buildstate/conformance';
import type { BuildHead, StateStore } from '@buildstate/core';
import Database from 'better-sqlite3';
import { openSqlite } from '../src/sqlite/index.ts';

/**
 * Commits per second of the SQLite store, beside bare inserts of better-sqlite3 with the same settings: one row of the
 * size of an attempt, in transactions of as many rows as there are commits in a batch. Trust the ratios; the rounds of
 * both take turns. Run: node --conditions=@buildstate/source bench/sqlite-commit.ts
 */
const batches = [1, 8, 32];
const rounds = 7;
const commitsPerRound = 1600;

const folder = mkdtempSync(join(tmpdir(), 'buildstate-bench-'));

function bareDatabase(): Database.Database {
  const database = new Database(join(folder, 'bare.db'));
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'wal_autocheckpoint = 8000']) {
    database.pragma(pragma);
  }
  database.exec(
    'create table rows (id text primary key, build_id text, state integer, metadata text) strict',
  );
  return database;
}

function bareInserts(database: Database.Database, batch: number): number {
  const insert = database.prepare('insert into rows values (?, ?, ?, ?)');
  const metadata = JSON.stringify({ text: 'x'.repeat(600) });
  const begin = performance.now();
  for (let done = 0; done < commitsPerRound; done += batch) {
    database.exec('BEGIN IMMEDIATE');
    for (let row = 0; row < batch; row += 1) insert.run(newId(), newId(), 25, metadata);
    database.exec('COMMIT');
  }
  return commitsPerRound / ((performance.now() - begin) / 1000);
}

/** A completed state as the tracker writes it: head, attempt, two events, and the report that is remembered. */
function nextChange(head: BuildHead) {
  const attempt = makeAttempt(head.build.id, { state: 25, message: 'done' });
  return makeChange(head, {
    attempts: [attempt],
    events: [makeEvent('state.started', { state: 25 }), makeEvent('state.completed', { state: 25 })],
    report: { eventId: newId(), answer: { state: 25, status: 'completed', attempt: 1 } },
  });
}

async function storeCommits(store: StateStore, heads: BuildHead[], batch: number): Promise<number> {
  let elapsed = 0;
  for (let done = 0; done < commitsPerRound; done += batch) {
    const changes = heads.slice(0, batch).map(nextChange);
    const begin = performance.now();
    await Promise.all(changes.map((change) => store.commitBuild(change)));
    elapsed += performance.now() - begin;
    changes.forEach(({ head }, index) => {
      heads[index] = head;
    });
  }
  return commitsPerRound / (elapsed / 1000);
}

async function storeTransitions(store: StateStore, heads: BuildHead[], batch: number): Promise<number> {
  let elapsed = 0;
  for (let done = 0; done < commitsPerRound; done += batch) {
    const begin = performance.now();
    await Promise.all(
      heads.slice(0, batch).map(async ({ build }, index) => {
        const loaded = await store.loadBuild(build.id, { eventId: 'none' });
        if (loaded === undefined) return;
        const change = nextChange(loaded.snapshot);
        await store.commitBuild(change);
        heads[index] = change.head;
      }),
    );
    elapsed += performance.now() - begin;
  }
  return commitsPerRound / (elapsed / 1000);
}

async function newHeads(store: StateStore): Promise<BuildHead[]> {
  const project = makeProject();
  await store.saveProject(project, 0);
  const changes = Array.from({ length: Math.max(...batches) }, () => makeCreation(project));
  await Promise.all(changes.map((change) => store.createBuild(change)));
  return changes.map(({ head }) => head);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

try {
  const bare = bareDatabase();
  const store = openSqlite(`sqlite://${join(folder, 'state.db')}`);
  await store.open();
  const inFolder = openSqlite(`sqlite://${join(folder, 'builds')}`);
  await inFolder.open();
  const heads = await newHeads(store);
  const folderHeads = await newHeads(inFolder);
  console.log('batch  bare inserts/s  store commits/s  ratio  load+commit/s  ratio  folder commits/s  ratio');
  for (const batch of batches) {
    const rates: number[][] = [[], [], [], []];
    for (let round = 0; round < rounds; round += 1) {
      rates[0]?.push(bareInserts(bare, batch));
      rates[1]?.push(await storeCommits(store, heads, batch));
      rates[2]?.push(await storeTransitions(store, heads, batch));
      rates[3]?.push(await storeCommits(inFolder, folderHeads, batch));
    }
    const [base = 1, ...others] = rates.map(median);
    const cells = others.map((rate) => `${rate.toFixed(0).padStart(15)}  ${(rate / base).toFixed(2)}`);
    console.log(`${String(batch).padStart(5)}  ${base.toFixed(0).padStart(14)}  ${cells.join('  ')}`);
  }
  await inFolder.close();
  await store.close();
  bare.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
