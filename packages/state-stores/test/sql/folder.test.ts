import { readdir, rm, writeFile } from 'node:fs/promises';
import { makeAttempt, makeChange, makeCreation, makeResumeRequest } from '@buildstate/conformance';
import {
  type BuildChange,
  type Logger,
  type Project,
  type StateStore,
  StoreError,
  silentLogger,
} from '@buildstate/core';
import { describe, expect, test } from 'vitest';
import { addProject, newFolder, openDatabase, openStore } from './place.ts';

interface Setting {
  readonly folder: string;
  readonly store: StateStore;
  readonly project: Project;
}

async function newStore(options: Parameters<typeof openStore>[1] = {}): Promise<Setting> {
  const folder = await newFolder();
  const store = await openStore(`sqlite://${folder}`, options);
  return { folder, store, project: await addProject(store) };
}

/** What a creator leaves behind that dies after the index took the number, before the file has the build. */
function leaveClaim(folder: string, change: BuildChange): void {
  const { id, projectId, buildNumber } = change.head.build;
  openDatabase(`${folder}/index.db`)
    .prepare('insert into build_files (build_id, project_id, build_number, change) values (?, ?, ?, ?)')
    .run(id, projectId, buildNumber, JSON.stringify(change));
}

/** What a writer leaves behind that dies after its commit to the build's file, before the index has followed. */
async function commitBehindTheIndex(folder: string, change: BuildChange): Promise<void> {
  const alone = await openStore(`sqlite://${folder}/${change.head.build.id}.db`);
  expect(await alone.commitBuild(change)).toBe('applied');
}

describe('a folder of SQLite files', () => {
  test('has a file for each build and an index for what is common', async () => {
    const { folder, store, project } = await newStore();
    const ids: string[] = [];
    for (let number = 1; number <= 3; number += 1) {
      const change = makeCreation(project, { build: { buildNumber: `${number}` } });
      await store.createBuild(change);
      ids.push(change.head.build.id);
    }
    const names = (await readdir(folder)).filter((name) => name.endsWith('.db'));
    expect(names.toSorted()).toEqual([...ids.map((id) => `${id}.db`), 'index.db'].toSorted());
    const index = openDatabase(`${folder}/index.db`);
    expect(index.prepare('select count(*) from build_files where change is not null').pluck().get()).toBe(0);
    expect(index.prepare('select count(*) from build_events').pluck().get()).toBe(0);
  });

  test('keeps each build complete in its file, which is a store of its own', async () => {
    const { folder, store, project } = await newStore();
    const change = makeCreation(project);
    const { id } = change.head.build;
    await store.createBuild({ ...change, attempts: [makeAttempt(id)] });
    const alone = await openStore(`sqlite://${folder}/${id}.db`);
    const loaded = await alone.loadBuild(id);
    expect(loaded?.snapshot).toEqual({ ...change.head, project });
    expect((await alone.listAttempts(id, { limit: 9 })).items).toHaveLength(1);
    expect((await alone.listBuilds({ limit: 9 })).items).toEqual([change.head.build]);
  });

  test.each(['id', 'number', 'load', 'find', 'list', 'commit'])(
    'completes a build whose creator died, when somebody asks for it by %s',
    async (way) => {
      const { folder, store, project } = await newStore();
      const change = makeCreation(project, { build: { buildNumber: 'orphan' } });
      const { id } = change.head.build;
      leaveClaim(folder, { ...change, attempts: [makeAttempt(id)] });
      const other = makeCreation(project, { build: { buildNumber: 'orphan' } });
      const number = { projectId: project.id, buildNumber: 'orphan' };
      const next = makeChange(change.head);
      const asks: Readonly<Record<string, () => Promise<unknown>>> = {
        id: async () => expect(await store.createBuild(change)).toEqual({ existing: id }),
        number: async () => expect(await store.createBuild(other)).toEqual({ existing: id }),
        load: async () => expect((await store.loadBuild(id))?.snapshot).toEqual({ ...change.head, project }),
        find: async () => expect(await store.findBuilds(number)).toEqual([id]),
        list: async () => expect((await store.listBuilds({ limit: 9 })).items).toEqual([change.head.build]),
        commit: async () => expect(await store.commitBuild(next)).toBe('applied'),
      };
      await asks[way]?.();
      expect((await store.listAttempts(id, { limit: 9 })).items).toHaveLength(1);
      expect((await store.listBuilds({ limit: 9 })).items).toHaveLength(1);
      const index = openDatabase(`${folder}/index.db`);
      expect(index.prepare('select count(*) from build_files where change is not null').pluck().get()).toBe(
        0,
      );
    },
  );

  test('takes no number for a build whose project does not exist', async () => {
    const { folder, store, project } = await newStore();
    const change = makeCreation({ id: 'absent', name: 'absent' });
    await expect(store.createBuild(change)).rejects.toThrow(StoreError);
    await store.createBuild(makeCreation(project));
    expect((await store.listBuilds({ limit: 9 })).items).toHaveLength(1);
    const index = openDatabase(`${folder}/index.db`);
    expect(index.prepare('select count(*) from build_files').pluck().get()).toBe(1);
  });

  test('lists the others, and warns, when a build that was begun cannot be completed', async () => {
    const warnings: unknown[] = [];
    const logger: Logger = { ...silentLogger, warn: (fields) => void warnings.push(fields) };
    const { folder, store, project } = await newStore({ logger });
    const [broken, whole] = [makeCreation(project), makeCreation(project)];
    const [event] = broken.events;
    leaveClaim(folder, { ...broken, events: event === undefined ? [] : [event, event] });
    await store.createBuild(whole);
    expect((await store.listBuilds({ limit: 9 })).items).toEqual([whole.head.build]);
    expect(warnings).toMatchObject([{ build_id: broken.head.build.id }]);
    await expect(store.loadBuild(broken.head.build.id)).rejects.toThrow(StoreError);
  });

  test('lets a creator that was overtaken by its rescuer have its build', async () => {
    const { folder, project } = await newStore();
    const [one, two] = await Promise.all([openStore(`sqlite://${folder}`), openStore(`sqlite://${folder}`)]);
    const changes = Array.from({ length: 10 }, (_, number) =>
      makeCreation(project, { build: { buildNumber: `${number}` } }),
    );
    const watching = (async () => {
      for (let seen = 0; seen < 10; ) seen = (await two.listBuilds({ limit: 20 })).items.length;
    })();
    for (const change of changes) expect(await one.createBuild(change)).toEqual({});
    await watching;
    for (const { head } of changes) {
      expect((await two.loadBuild(head.build.id))?.snapshot.build).toEqual(head.build);
      expect((await two.listEvents(head.build.id, { limit: 9 })).items).toHaveLength(1);
    }
  });

  test('lists and finds what a writer committed that died before the index followed', async () => {
    const { folder, store, project } = await newStore();
    const change = makeCreation(project);
    const { id } = change.head.build;
    await store.createBuild(change);
    const request = makeResumeRequest(id);
    const failed = makeChange(change.head, {
      build: { status: 'failed', failedState: 25, currentState: 25 },
      resumeRequests: [request],
    });
    await commitBehindTheIndex(folder, failed);
    const list = async (status: 'failed' | 'pending') => (await store.listBuilds({ limit: 9, status })).items;
    expect(await list('failed')).toEqual([failed.head.build]);
    expect(await list('pending')).toEqual([]);
    await commitBehindTheIndex(
      folder,
      makeChange(failed.head, { resumeRequests: [{ ...request, errorMessage: 'x' }] }),
    );
    expect(await store.findResumeRequest(request.id)).toEqual({ ...request, errorMessage: 'x' });
  });

  test('repairs the index when a build is loaded, completed ones too', async () => {
    const { folder, store, project } = await newStore();
    const change = makeCreation(project, { build: { status: 'completed' } });
    const { id } = change.head.build;
    await store.createBuild(change);
    const next = makeChange(change.head, { build: { description: 'late note' } });
    await commitBehindTheIndex(folder, next);
    expect((await store.loadBuild(id))?.snapshot.build).toEqual(next.head.build);
    expect((await store.listBuilds({ limit: 9 })).items).toEqual([next.head.build]);
  });

  test('reads no file for a list when nothing has changed', async () => {
    const { folder, store, project } = await newStore();
    for (let number = 0; number < 3; number += 1) await store.createBuild(makeCreation(project));
    const reader = await openStore(`sqlite://${folder}`);
    const fds = async () => (await readdir('/proc/self/fd')).length;
    const before = await fds();
    expect((await reader.listBuilds({ limit: 9 })).items).toHaveLength(3);
    expect(await fds()).toBe(before);
  });

  test('keeps only as many files open as it may, and loses nothing by it', async () => {
    const { folder, store, project } = await newStore({ openBuilds: 2 });
    const heads = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const change = makeCreation(project);
        await store.createBuild(change);
        return change.head;
      }),
    );
    const results = await Promise.all(heads.map((head) => store.commitBuild(makeChange(head))));
    expect(results).toEqual(heads.map(() => 'applied'));
    for (const { build } of heads) expect((await store.loadBuild(build.id))?.snapshot.build.version).toBe(2);
    const open = (await readdir(folder)).filter((name) => name.endsWith('-wal') && !name.startsWith('index'));
    expect(open.length).toBeLessThanOrEqual(2);
  });

  test('says which file of a build is missing, and goes on listing the others', async () => {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (_, message) => void warnings.push(message) };
    const { folder, store, project } = await newStore({ openBuilds: 1, logger });
    const [gone, kept] = [makeCreation(project), makeCreation(project)];
    await store.createBuild(gone);
    await store.createBuild(kept);
    const { id } = gone.head.build;
    await rm(`${folder}/${id}.db`);
    await expect(store.loadBuild(id)).rejects.toThrow(StoreError);
    await expect(store.commitBuild(makeChange(gone.head))).rejects.toThrow(`${folder}/${id}.db`);
    expect((await store.listBuilds({ limit: 9 })).items).toHaveLength(2);
    expect(warnings).toEqual(['The file of a build cannot be read.']);
    expect((await store.loadBuild(kept.head.build.id))?.snapshot.build).toEqual(kept.head.build);
  });

  test('goes on listing when the file of a build is damaged', async () => {
    const folder = await newFolder();
    const writer = await openStore(`sqlite://${folder}`);
    const project = await addProject(writer);
    const [damaged, whole] = [makeCreation(project), makeCreation(project)];
    await writer.createBuild(damaged);
    await writer.createBuild(whole);
    await writer.close();
    await writeFile(`${folder}/${damaged.head.build.id}.db`, 'not a database any more');
    const store = await openStore(`sqlite://${folder}`);
    expect((await store.listBuilds({ limit: 9 })).items).toEqual([whole.head.build, damaged.head.build]);
    await expect(store.loadBuild(damaged.head.build.id)).rejects.toThrow(/Restore it from a backup/);
    expect((await store.loadBuild(whole.head.build.id))?.snapshot.build).toEqual(whole.head.build);
  });

  test('answers a commit that is durable, and warns, when the index cannot follow', async () => {
    const warnings: unknown[] = [];
    const logger: Logger = { ...silentLogger, warn: (fields) => void warnings.push(fields) };
    const { folder, store, project } = await newStore({ busyTimeoutMilliseconds: 30, logger });
    const change = makeCreation(project);
    await store.createBuild(change);
    const index = openDatabase(`${folder}/index.db`);
    index.exec('BEGIN IMMEDIATE');
    const next = makeChange(change.head, { build: { status: 'running' } });
    expect(await store.commitBuild(next)).toBe('applied');
    expect(warnings).toMatchObject([{ build_id: change.head.build.id }]);
    index.exec('COMMIT');
    expect((await store.listBuilds({ limit: 9, status: 'running' })).items).toEqual([next.head.build]);
  });

  test('takes ids that are no UUIDs for what they are, never for paths', async () => {
    const { folder, store, project } = await newStore();
    const ids = ['index', 'A', 'a', '../up', 'con:', 'ü', '%41.', '..'];
    for (const id of ids)
      expect(await store.createBuild(makeCreation(project, { build: { id } }))).toEqual({});
    for (const id of ids) expect((await store.loadBuild(id))?.snapshot.build.id).toBe(id);
    const names = (await readdir(folder)).filter((name) => name.endsWith('.db'));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(ids.length + 1);
    await expect(
      store.createBuild(makeCreation(project, { build: { id: 'x'.repeat(300) } })),
    ).rejects.toThrow(StoreError);
  });
});
