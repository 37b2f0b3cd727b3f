import { makeAttempt, makeChange, makeCreation, makeLease, makeResumeRequest } from '@buildstate/conformance';
import type { StateStore } from '@buildstate/core';
import { newDatabase } from '@buildstate/tooling/postgres-shared';
import type pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { connectPostgres } from '../../src/postgres/connect-postgres.ts';
import { headsStatement } from '../../src/postgres/head-query.ts';
import { mergeable, WriteMerger } from '../../src/postgres/merged-write.ts';
import { postgresDialect } from '../../src/postgres/postgres-dialect.ts';
import { postgresPlace } from '../../src/postgres/postgres-place.ts';
import { resolveOptions } from '../../src/postgres/resolve-options.ts';
import type { SqlSession, Statement, WriteStatement } from '../../src/sql/dialect.ts';
import { SqlStore } from '../../src/sql/sql-store.ts';
import { addProject, openDatabase } from './place.ts';

interface Watched {
  readonly store: StateStore;
  readonly reads: Statement[];
  readonly writes: (readonly WriteStatement[])[];
  readonly database: pg.Client;
}

/** A store, and the statements that it handed over. */
async function watchedStore(): Promise<Watched> {
  const { url } = await newDatabase();
  const reads: Statement[] = [];
  const writes: (readonly WriteStatement[])[] = [];
  const place = postgresPlace(url);
  const store = new SqlStore({
    kind: 'postgres',
    uri: place.shown,
    capabilities: { shared: true, durable: true, sql: true, globalStream: true },
    dialect: postgresDialect,
    async connect(): Promise<SqlSession> {
      const session = await connectPostgres(place, resolveOptions({}));
      return {
        read: (statements) => {
          reads.push(...statements);
          return session.read(statements);
        },
        write: (statements) => {
          writes.push(statements);
          return session.write(statements);
        },
        readHead: (buildId, eventId) => {
          reads.push(headsStatement([buildId], [eventId]));
          return session.readHead(buildId, eventId);
        },
        exclusively: (work) => session.exclusively(work),
        close: () => session.close(),
      };
    },
  });
  await store.open();
  onTestFinished(() => store.close());
  const database = await openDatabase(url);
  // A small table would be read whole, however good its indexes are.
  await database.query('set enable_seqscan = off');
  return { store, reads, writes, database };
}

async function planOf(database: pg.Client, { sql, parameters }: Statement): Promise<string> {
  const { rows } = await database.query(`explain ${sql}`, parameters as unknown[]);
  return rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
}

test('every list and look-up finds its rows by an index', async () => {
  const { store, reads, database } = await watchedStore();
  const project = await addProject(store);
  const change = makeCreation(project);
  const { id } = change.head.build;
  const request = makeResumeRequest(id);
  const attempt = makeAttempt(id);
  await store.createBuild({ ...change, attempts: [attempt], resumeRequests: [request] });
  reads.length = 0;
  const page = { limit: 10 };
  await store.loadProject({ name: project.name });
  await store.listProjects(page);
  await store.loadReference('platforms', { name: 'x' });
  await store.findBuilds({ idPrefix: id.slice(0, 8) });
  await store.findBuilds({ projectId: project.id, buildNumber: '1' });
  await store.loadBuild(id, { eventId: 'x' });
  await store.loadBuild(id, { attempts: { stateAbove: 5, statuses: ['completed'] }, artifacts: 'all' });
  await store.loadBuild(id, { variables: true, resumeRequests: true, jobs: true });
  await store.listBuilds(page);
  await store.listBuilds({ ...page, projectId: project.id, q: 'ü' });
  await store.listBuilds({ ...page, status: 'failed' });
  await store.listBuilds({ ...page, since: '2026-01-01T00:00:00.000Z' });
  await store.listAttempts(id, page);
  await store.loadAttempt(id, attempt.id);
  await store.listArtifacts(id, page);
  await store.listVariables(id);
  await store.listEvents(id, { ...page, afterSeq: 1 });
  await store.findResumeRequest(request.id);
  await store.listJobs(id);
  await store.loadToken('x');
  await store.listTokens();
  expect(reads.length).toBeGreaterThan(30);
  for (const read of reads) {
    const plan = await planOf(database, read);
    expect(plan, `${read.sql}\n${plan}`).not.toMatch(/Seq Scan/);
  }
});

test('pages of builds are read in the order of an index, without sorting', async () => {
  const { store, reads, database } = await watchedStore();
  const project = await addProject(store);
  for (let number = 0; number < 3; number += 1) await store.createBuild(makeCreation(project));
  reads.length = 0;
  const first = await store.listBuilds({ limit: 1 });
  await store.listBuilds({ limit: 1, cursor: first.next });
  await store.listBuilds({ limit: 1, projectId: project.id });
  await store.listBuilds({ limit: 1, status: 'pending' });
  expect(reads).toHaveLength(4);
  await database.query('set enable_bitmapscan = off');
  for (const read of reads) expect(await planOf(database, read)).not.toMatch(/Sort|Seq Scan/);
});

test('a transition is one statement that finds the build and its lease by key', async () => {
  const { store, writes, database } = await watchedStore();
  const creation = makeCreation(await addProject(store), { head: { lease: makeLease() } });
  await store.createBuild(creation);
  const { build, lease } = creation.head;
  writes.length = 0;
  const change = makeChange(creation.head, {
    attempts: [makeAttempt(build.id)],
    report: { eventId: 'one', answer: 1 },
    expected: { version: build.version, lease: { token: lease?.token ?? 0, renewals: lease?.renewals ?? 0 } },
  });
  expect(await store.commitBuild(change)).toBe('applied');
  expect(writes).toHaveLength(1);
  const merged = mergeable(writes[0] ?? []);
  if (merged === undefined) throw new Error('the change cannot share a statement');
  await database.query('set enable_hashjoin = off; set enable_mergejoin = off');
  const plan = await planOf(database, new WriteMerger().merge([merged]));
  expect(plan).not.toMatch(/Seq Scan/);
  for (const table of ['builds', 'reports', 'build_states', 'build_events']) {
    expect(plan).toMatch(new RegExp(`(Insert|Update) on ${table}`));
  }
});

test('a head finds its open attempt and its report by their ids, also where tables were empty when it was planned', async () => {
  const { reads, database, store } = await watchedStore();
  const creation = makeCreation(await addProject(store));
  await store.createBuild(creation);
  await database.query(
    'set plan_cache_mode = force_generic_plan; set enable_hashjoin = off; set enable_mergejoin = off',
  );
  reads.length = 0;
  await store.loadBuild(creation.head.build.id, { eventId: 'x' });
  const [head] = reads;
  if (head === undefined) throw new Error('no head was read');
  const expectKeys = async () => {
    const plan = await planOf(database, head);
    expect(plan).toMatch(
      /Index Scan using build_states_id_build_id_key[^\n]*\n *Index Cond: \(id = builds.open_attempt_id\)/,
    );
    expect(plan).toMatch(/Index Scan (using|on) reports_pkey[^\n]*\n *Index Cond: \(event_id = /);
  };
  await expectKeys();
  for (const attemptsEach of [1, 100]) {
    await database.query('truncate build_states');
    await database.query(
      `insert into build_states (id, build_id, event_id, state, attempt, status, start_inferred, retry_count, metadata, created_at)
       select n::text, (n / $1::int)::text, n::text, 5, 1, 'completed', false, 0, '{}', now() from generate_series(1, 20000) n`,
      [attemptsEach],
    );
    await database.query('analyze build_states');
    await expectKeys();
  }
});

test('the end of an attempt finds its row by id, however many attempts the build has', async () => {
  const { store, writes, database } = await watchedStore();
  const creation = makeCreation(await addProject(store));
  const open = makeAttempt(creation.head.build.id, { status: 'in_progress', attempt: 1, endTime: null });
  const before = { ...creation.head, openAttempt: open };
  await store.createBuild({ ...creation, head: before, attempts: [open] });
  writes.length = 0;
  const ended = { ...open, status: 'completed' as const };
  const change = { ...makeChange(before, { attempts: [ended], head: { openAttempt: null } }), before };
  expect(await store.commitBuild(change)).toBe('applied');
  expect(await store.loadAttempt(open.buildId, open.id)).toEqual(ended);
  const merged = mergeable(writes[0] ?? []);
  if (merged === undefined) throw new Error('the change cannot share a statement');
  await database.query('set enable_hashjoin = off; set enable_mergejoin = off');
  const plan = await planOf(database, new WriteMerger().merge([merged]));
  expect(plan).toMatch(/Update on build_states/);
  expect(plan).toMatch(/Index Scan using build_states_id_build_id_key/);
  // Rows that came with the statement are looked at once, not once for each build.
  expect(plan).not.toMatch(/Join Filter/);
});
