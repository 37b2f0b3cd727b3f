import {
  makeArtifact,
  makeAttempt,
  makeCreation,
  makeJob,
  makeResumeRequest,
  makeVariable,
} from '@buildstate/conformance';
import type { StateStore } from '@buildstate/core';
import type Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { SqlSession, Statement } from '../../src/sql/dialect.ts';
import { SqlStore } from '../../src/sql/sql-store.ts';
import { connectSqlite } from '../../src/sqlite/connect-sqlite.ts';
import { sqliteDialect } from '../../src/sqlite/sqlite-dialect.ts';
import { addProject, newFolder, openDatabase } from './place.ts';

/** A store and the statements that it has read with. */
async function watchedStore(): Promise<{
  store: StateStore;
  seen: Statement[];
  database: Database.Database;
}> {
  const file = `${await newFolder()}/state.db`;
  const seen: Statement[] = [];
  const store = new SqlStore({
    kind: 'sqlite',
    uri: file,
    capabilities: { shared: true, durable: true, sql: true, globalStream: true },
    dialect: sqliteDialect,
    async connect(): Promise<SqlSession> {
      const session = await connectSqlite({ file, patience: 1000, checkpointPages: 1000 });
      return {
        read: (statements) => {
          seen.push(...statements);
          return session.read(statements);
        },
        write: (statements) => session.write(statements),
        exclusively: (work) => session.exclusively(work),
        close: () => session.close(),
      };
    },
  });
  await store.open();
  onTestFinished(() => store.close());
  const database = openDatabase(file);
  database.function('buildstate_lower', (text: unknown) => text);
  return { store, seen, database };
}

test('every list and look-up finds its rows by an index, in the order of the list', async () => {
  const { store, seen, database } = await watchedStore();
  const project = await addProject(store);
  const change = makeCreation(project);
  const { id } = change.head.build;
  const request = makeResumeRequest(id);
  const attempt = makeAttempt(id);
  await store.createBuild({ ...change, attempts: [attempt], resumeRequests: [request] });
  seen.length = 0;
  const page = { limit: 10 };
  await store.loadProject({ id: project.id });
  await store.loadProject({ name: project.name });
  await store.listProjects(page);
  await store.loadReference('platforms', { name: 'x' });
  await store.listReferences('platforms', { ...page, includeDeactivated: true });
  await store.findBuilds({ id });
  await store.findBuilds({ idPrefix: id.slice(0, 8) });
  await store.findBuilds({ projectId: project.id, buildNumber: '1' });
  await store.loadBuild(id, {
    eventId: 'x',
    attempts: { stateAbove: 5, statuses: ['completed'] },
    artifacts: 'live',
    variables: true,
    resumeRequests: true,
    jobs: true,
  });
  await store.loadBuild(id, { artifacts: 'all' });
  await store.listBuilds({ ...page, cursor: undefined, skip: 1 });
  await store.listBuilds({ ...page, projectId: project.id, q: 'ü' });
  await store.listBuilds({ ...page, status: 'failed' });
  await store.listBuilds({ ...page, statuses: ['failed', 'running'] });
  await store.listBuilds({ ...page, platformId: 'x' });
  await store.listBuilds({ ...page, parentBuildId: 'x' });
  await store.listBuilds({ ...page, since: '2026-01-01T00:00:00.000Z' });
  await store.listAttempts(id, { ...page, state: 5 });
  await store.listAttempts(id, page);
  await store.loadAttempt(id, attempt.id);
  await store.listArtifacts(id, page);
  await store.listArtifacts(id, { ...page, id: 'x' });
  await store.listVariables(id);
  await store.listEvents(id, { ...page, afterSeq: 1 });
  await store.listResumeRequests(id);
  await store.findResumeRequest(request.id);
  await store.listJobs(id);
  await store.searchArtifacts(page);
  await store.searchArtifacts({ ...page, projectId: project.id, q: 'image' });
  await store.searchArtifacts({ ...page, checksum: 'x', projectId: project.id });
  await store.searchArtifacts({ ...page, madeFrom: 'x', projectId: project.id });
  await store.searchArtifacts({ ...page, ids: ['x', 'y'] });
  await store.searchArtifacts({ ...page, parents: ['x', 'y'] });
  const since = '2026-01-01T00:00:00.000Z';
  await store.searchAttempts({ ...page, projectId: project.id, since, statuses: ['failed'] });
  await store.recentAttempts({ projectId: project.id, builds: 200, statuses: ['completed'] });
  await store.searchResumeRequests({ ...page, projectId: project.id, since });
  await store.loadToken('x');
  await store.listTokens();
  expect(seen.length).toBeGreaterThan(30);
  for (const { sql, parameters } of seen) {
    const plan = database
      .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
      .all(...parameters);
    const steps = plan.map(({ detail }) => detail);
    // What a part of the query has found is gone through; how it was found is a step of its own.
    const found = new Set(steps.flatMap((step) => /^CO-ROUTINE (\w+)/.exec(step)?.[1] ?? []));
    const whole = steps
      .filter((step) => /^SCAN /.test(step) && !/ USING (COVERING )?INDEX /.test(step))
      .filter((step) => !found.has(step.replace('SCAN ', '')));
    expect(whole, `${sql}\n${steps.join('\n')}`).toEqual([]);
  }
});

test('what waits is found by indexes that hold nothing else, and within a project by its age', async () => {
  const { store, seen, database } = await watchedStore();
  const { id: projectId } = await addProject(store);
  const ranges = [{ first: 0, last: 30 }];
  const next = { pending: true, after: ranges, begun: ranges, failed: ranges };
  const plans = async (query: object) => {
    seen.length = 0;
    await store.listWaiting({ limit: 10, ...query });
    return seen.map(({ sql, parameters }) =>
      database
        .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
        .all(...parameters)
        .map(({ detail }) => detail),
    );
  };
  for (const query of [{ projectId }, { projectId, next }]) {
    const [pending, running, ended, due] = await plans(query);
    expect(pending?.[0]).toMatch(/INDEX builds_pending \(project_id=\?\)/);
    expect(running?.[0]).toMatch(/INDEX builds_running \(project_id=\?\)/);
    expect(ended?.[0]).toMatch(/COVERING INDEX builds_held \(held_until<\?\)/);
    expect(ended?.join()).toMatch(/SEARCH builds USING INDEX \w+ \(id=\?\)/);
    expect(due?.[0]).toMatch(/COVERING INDEX builds_due \(next_retry_at<\?\)/);
    expect(due?.join()).toMatch(/SEARCH builds USING INDEX \w+ \(id=\?\)/);
    expect([pending, running].flat().filter((step) => step?.includes('TEMP B-TREE'))).toEqual([]);
  }
  const [pending, running, , due] = await plans({});
  for (const plan of [pending, running]) expect(plan?.[0]).toMatch(/INDEX builds_by_status \(status=\?\)/);
  expect(due?.[0]).toMatch(/INDEX builds_due/);
});

test('loading a build runs the same statements, whatever the history', async () => {
  const { store, seen } = await watchedStore();
  const project = await addProject(store);
  const ids: string[] = [];
  for (const size of [5, 1000]) {
    const change = makeCreation(project);
    const { id } = change.head.build;
    ids.push(id);
    const many = <T>(make: (buildId: string) => T): T[] => Array.from({ length: size }, () => make(id));
    await store.createBuild({
      ...change,
      attempts: many(makeAttempt),
      artifacts: many(makeArtifact),
      variables: many(makeVariable),
      jobs: many(makeJob),
    });
  }
  await store.loadBuild(ids[0] ?? '');
  const statements: string[][] = [];
  for (const id of ids) {
    seen.length = 0;
    await store.loadBuild(id);
    statements.push(seen.map(({ sql }) => sql));
  }
  expect(statements[0]).toHaveLength(5);
  expect(statements[1]).toEqual(statements[0]);
});
