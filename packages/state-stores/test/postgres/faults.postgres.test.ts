import { makeAttempt, makeChange, makeCreation } from '@buildstate/conformance';
import { type BuildHead, type StateStore, UnavailableError } from '@buildstate/core';
import { startPostgres } from '@buildstate/tooling/postgres';
import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { expectUnbroken } from '../sql/chain.ts';
import { addProject, newStore, openDatabase, openStore } from './place.ts';
import { startProxy } from './proxy.ts';

async function loadHead(store: StateStore, id: string): Promise<BuildHead> {
  const loaded = await store.loadBuild(id);
  if (loaded === undefined) throw new Error(`build ${id} is gone`);
  return loaded.snapshot;
}

async function createBuild(store: StateStore): Promise<BuildHead> {
  const change = makeCreation(await addProject(store));
  await store.createBuild(change);
  return change.head;
}

/** Commits until one succeeds again; each that fails must say that the store is away. */
async function untilItServes(store: StateStore, id: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const head = await loadHead(store, id);
      expect(await store.commitBuild(makeChange(head))).toBe('applied');
    },
    { timeout: 15_000, interval: 50 },
  );
}

/** What a build shows must be whole: as many events as versions, each naming the one before. */
async function expectWhole(store: StateStore, id: string): Promise<number> {
  const { build } = await loadHead(store, id);
  const { items } = await store.listEvents(id, { limit: 100_000 });
  expect(items).toHaveLength(build.version);
  expectUnbroken(items);
  return build.version;
}

const terminate = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;

describe('a PostgreSQL store whose connections are lost', () => {
  test('says that it is away when backends are terminated in mid write, and loses and repeats nothing', async () => {
    const { url, store } = await newStore();
    const { id } = (await createBuild(store)).build;
    const database = await openDatabase(url);
    let acknowledged = 1;
    let refusals = 0;
    let rounds = 0;
    const stop = Date.now() + 4_000;
    const killing = (async () => {
      for (; Date.now() < stop; rounds += 1) {
        await database.query(terminate);
        await new Promise((resolve) => {
          setTimeout(resolve, 40);
        });
      }
    })();
    while (Date.now() < stop) {
      try {
        const head = await loadHead(store, id);
        expect(head.build.version).toBeGreaterThanOrEqual(acknowledged);
        const change = makeChange(head, { attempts: [makeAttempt(id)] });
        if ((await store.commitBuild(change)) === 'applied') acknowledged = change.head.build.version;
      } catch (error) {
        expect(error).toBeInstanceOf(UnavailableError);
        refusals += 1;
      }
    }
    await killing;
    await untilItServes(store, id);
    expect(await expectWhole(store, id)).toBeGreaterThan(acknowledged);
    expect(rounds).toBeGreaterThan(10);
    expect(refusals).toBeGreaterThan(0);
    expect(acknowledged).toBeGreaterThan(10);
  }, 30_000);

  test('writes nothing outside of a transaction whose connection is lost halfway', async () => {
    const { url, store } = await newStore();
    const project = await addProject(store);
    const database = await openDatabase(url);
    // Whoever changes the lists of the project waits in the middle of its transaction.
    await database.query('begin');
    await database.query('lock table state_codes in exclusive mode');
    const changed = { ...project, revision: 2, description: 'half', stateCodes: project.stateCodes.slice(1) };
    const saving = store.saveProject(changed, 1).then(
      () => 'saved',
      (error: unknown) => error,
    );
    await vi.waitFor(async () => {
      const waiting =
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
      expect((await database.query(waiting)).rows).toHaveLength(1);
    });
    await database.query(terminate);
    await database.query('commit');
    expect(await saving).toBeInstanceOf(UnavailableError);
    await vi.waitFor(async () => expect(await store.loadProject({ id: project.id })).toEqual(project));
    expect(await store.saveProject(changed, 1)).toBe(true);
    expect(await store.loadProject({ id: project.id })).toEqual(changed);
  });

  test('says that the outcome is unknown when the answer to a commit is lost; repeating it does no harm', async () => {
    const { url } = await newDatabase();
    const proxy = await startProxy(url);
    const store = await openStore(proxy.url);
    const head = await createBuild(store);
    await loadHead(store, head.build.id);
    proxy.loseAnswers();
    const change = makeChange(head);
    const error: unknown = await store.commitBuild(change).catch((reason: unknown) => reason);
    proxy.pass();
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toMatch(/not known whether it did.*Repeat the same request/);
    const direct = await openStore(url);
    await vi.waitFor(async () => expect((await loadHead(direct, head.build.id)).build.version).toBe(2));
    await vi.waitFor(async () => expect(await store.commitBuild(change)).toBe('conflict'), {
      timeout: 5_000,
    });
    expect(await expectWhole(direct, head.build.id)).toBe(2);
  });

  test('gives up after its time-out when nothing comes back, leaks no connection, and recovers', async () => {
    const { url } = await newDatabase();
    const proxy = await startProxy(url);
    const options = {
      connectTimeoutMilliseconds: 300,
      statementTimeoutMilliseconds: 300,
      mostConnections: 6,
    };
    const store = await openStore(proxy.url, options);
    const { id } = (await createBuild(store)).build;
    proxy.swallow();
    for (let round = 0; round < 3; round += 1) {
      const asked = Array.from({ length: 12 }, () => store.listBuilds({ limit: 1 }));
      for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected');
      await expect(store.loadBuild(id)).rejects.toThrow(UnavailableError);
      expect(proxy.open).toBeLessThanOrEqual(2 * 6);
    }
    proxy.reset();
    proxy.pass();
    await untilItServes(store, id);
    expect(proxy.open).toBeLessThanOrEqual(6);
    await store.close();
    await vi.waitFor(() => expect(proxy.open).toBe(0));
  }, 60_000);

  test('recovers by itself when the server is gone for a while, as after a power failure', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const { host, port, user, password } = server;
    const store = await openStore(`postgres://${user}:${password}@${host}:${port}/postgres`);
    const { id } = (await createBuild(store)).build;
    const writing = (async () => {
      const refused: unknown[] = [];
      let acknowledged = 1;
      for (let count = 0; count < 400; count += 1) {
        try {
          const change = makeChange(await loadHead(store, id));
          if ((await store.commitBuild(change)) === 'applied') acknowledged = change.head.build.version;
        } catch (error) {
          refused.push(error);
          await new Promise((resolve) => {
            setTimeout(resolve, 10);
          });
        }
      }
      return { refused, acknowledged };
    })();
    await server.restart({ immediately: true });
    const { refused, acknowledged } = await writing;
    for (const error of refused) expect(error).toBeInstanceOf(UnavailableError);
    expect(refused.length).toBeGreaterThan(0);
    await untilItServes(store, id);
    expect(await expectWhole(store, id)).toBeGreaterThan(acknowledged);
  }, 60_000);
});
