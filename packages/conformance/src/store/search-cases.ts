import type { ArtifactSearch, AttemptSearch, BuildHead } from '@buildstate/core';
import { expect, test } from 'vitest';
import { newId } from '../fixtures/ids.ts';
import { makeProject } from '../fixtures/project.ts';
import { makeArtifact, makeAttempt, makeResumeRequest } from '../fixtures/rows.ts';
import { BenchError, type StoreBench } from './bench.ts';
import { expectBadCursorsRefused, readPages } from './paging.ts';

const sha256 = 'c'.repeat(64);
const deletedAt = '2026-02-01T00:00:00.000Z';

/** Searches over all builds: what is found, in which order, page by page. */
export function searchCases(bench: StoreBench): void {
  const artifactNames = async (query: Partial<ArtifactSearch>) => {
    const { items } = await bench.store.searchArtifacts({ limit: 100, ...query });
    return items.map(({ record }) => record.artifactName);
  };
  const attemptIds = async (query: Partial<AttemptSearch>) => {
    const { items } = await bench.store.searchAttempts({ limit: 100, ...query });
    return items.map(({ record }) => record.id);
  };
  const remove = (head: BuildHead) => bench.commit(head, { build: { deletedAt } });

  test('finds artifacts of all builds newest first, each with its build as it is now', async () => {
    const first = await bench.create({ build: { buildNumber: '1', platformId: newId(), platform: 'aws' } });
    const second = await bench.create({ build: { buildNumber: '2' } });
    const old = makeArtifact(first.build.id);
    const young = makeArtifact(second.build.id);
    const head = await bench.commit(first, { artifacts: [old], build: { currentState: 5 } });
    await bench.commit(second, { artifacts: [young] });
    const moved = await bench.commit(head, { build: { currentState: 35, status: 'failed' } });
    const { items, next } = await bench.store.searchArtifacts({ limit: 10 });
    expect(items.map(({ record }) => record)).toEqual([young, old]);
    expect(next).toBeUndefined();
    const { id, buildNumber, projectId, project, platformId, platform, status, currentState } = moved.build;
    expect(items[1]?.build).toEqual({
      id,
      buildNumber,
      projectId,
      project,
      platformId,
      platform,
      status,
      currentState,
    });
  });

  test('finds artifacts by text, digest, id, type, project and flags, alone and together', async () => {
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const { build } = await bench.create();
    const foreign = await bench.create({}, other);
    const kept = makeArtifact(build.id, {
      artifactName: 'Golden image',
      artifactPath: 's3://images/100%_done.qcow2',
      checksum: sha256,
      isFinal: true,
    });
    const pinned = makeArtifact(build.id, {
      artifactName: 'log',
      artifactType: 'LOG',
      checksum: null,
      checksumAlgorithm: null,
      pinnedAt: deletedAt,
    });
    const gone = makeArtifact(build.id, { artifactName: 'gone', checksum: sha256, deletedAt });
    const outdated = makeArtifact(build.id, {
      artifactName: 'outdated',
      checksum: sha256,
      supersededBy: kept.id,
    });
    const theirs = makeArtifact(foreign.build.id, { artifactName: 'theirs', checksum: sha256 });
    await bench.commit(await bench.load(build.id).then(({ snapshot }) => snapshot), {
      artifacts: [kept, pinned, gone, outdated],
    });
    await bench.commit(foreign, { artifacts: [theirs] });
    expect(await artifactNames({})).toEqual(['theirs', 'log', 'Golden image']);
    expect(await artifactNames({ q: 'GOLDEN' })).toEqual(['Golden image']);
    expect(await artifactNames({ q: '100%_DONE' })).toEqual(['Golden image']);
    expect(await artifactNames({ q: '0_done' })).toEqual([]);
    expect(await artifactNames({ q: 'log' })).toEqual(['log']);
    expect(await artifactNames({ checksum: sha256 })).toEqual(['theirs', 'Golden image']);
    expect(await artifactNames({ checksum: sha256, includeDeleted: true })).toEqual([
      'theirs',
      'outdated',
      'gone',
      'Golden image',
    ]);
    expect(await artifactNames({ projectId: bench.project.id })).toEqual(['log', 'Golden image']);
    expect(await artifactNames({ checksum: sha256, projectId: other.id })).toEqual(['theirs']);
    expect(await artifactNames({ ids: [pinned.id, theirs.id, newId()] })).toEqual(['theirs', 'log']);
    expect(await artifactNames({ ids: [] })).toEqual([]);
    expect(await artifactNames({ artifactType: 'LOG' })).toEqual(['log']);
    expect(await artifactNames({ isFinal: true })).toEqual(['Golden image']);
    expect(await artifactNames({ isPinned: true })).toEqual(['log']);
    expect(await artifactNames({ isPinned: false, isFinal: false })).toEqual(['theirs']);
  });

  test('finds artifacts by what they were made from', async () => {
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const madeFrom = 'd'.repeat(64);
    const first = await bench.create();
    const second = await bench.create();
    const foreign = await bench.create({}, other);
    const made = (buildId: string, artifactName: string, made_from: string = madeFrom) =>
      makeArtifact(buildId, { artifactName, metadata: { note: 'x', made_from } });
    const gone = { ...made(second.build.id, 'gone'), deletedAt };
    await bench.commit(first, {
      artifacts: [made(first.build.id, 'old'), made(first.build.id, 'another', 'e'.repeat(64))],
    });
    await bench.commit(second, { artifacts: [made(second.build.id, 'new'), gone] });
    await bench.commit(foreign, { artifacts: [made(foreign.build.id, 'theirs')] });
    const projectId = bench.project.id;
    expect(await artifactNames({ madeFrom, projectId })).toEqual(['new', 'old']);
    expect(await artifactNames({ madeFrom })).toEqual(['theirs', 'new', 'old']);
    expect(await artifactNames({ madeFrom: 'f'.repeat(64) })).toEqual([]);
    expect(await artifactNames({ madeFrom, projectId, includeDeleted: true })).toEqual([
      'new',
      'old',
      'gone',
    ]);
  });

  test('finds the artifacts that name a parent, wherever they are', async () => {
    const first = await bench.create();
    const second = await bench.create();
    const parent = makeArtifact(first.build.id, { artifactName: 'parent' });
    const stranger = newId();
    const child = makeArtifact(second.build.id, { artifactName: 'child', parents: [stranger, parent.id] });
    const twin = makeArtifact(first.build.id, { artifactName: 'twin', parents: [parent.id] });
    await bench.commit(first, { artifacts: [parent, twin] });
    const head = await bench.commit(second, { artifacts: [child] });
    expect(await artifactNames({ parents: [parent.id] })).toEqual(['twin', 'child']);
    expect(await artifactNames({ parents: [stranger, parent.id] })).toEqual(['twin', 'child']);
    expect(await artifactNames({ parents: [stranger] })).toEqual(['child']);
    expect(await artifactNames({ parents: [child.id] })).toEqual([]);
    expect(await artifactNames({ parents: [] })).toEqual([]);
    await bench.commit(head, { artifacts: [{ ...child, pinnedAt: deletedAt }] });
    expect(await artifactNames({ parents: [parent.id], isPinned: true })).toEqual(['child']);
  });

  test('finds attempts of all builds by project, platform, state, status, component and time', async () => {
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const platformId = newId();
    const ours = await bench.create({ build: { platformId } });
    const theirs = await bench.create({}, other);
    const oldest = makeAttempt(ours.build.id, { state: 5, startInferred: true, durationSeconds: 1.5 });
    const failed = makeAttempt(ours.build.id, {
      state: 10,
      status: 'failed',
      component: 'packer',
      errorCode: 'E1',
      errorCategory: 'transient',
      errorMessage: 'not a part of the facts',
    });
    const newest = makeAttempt(theirs.build.id, { state: 10, endTime: null, durationSeconds: null });
    await bench.commit(ours, { attempts: [oldest, failed] });
    await bench.commit(theirs, { attempts: [newest] });
    expect(await attemptIds({})).toEqual([newest.id, failed.id, oldest.id]);
    expect(await attemptIds({ projectId: other.id })).toEqual([newest.id]);
    expect(await attemptIds({ platformId })).toEqual([failed.id, oldest.id]);
    expect(await attemptIds({ state: 10 })).toEqual([newest.id, failed.id]);
    expect(await attemptIds({ statuses: ['failed', 'skipped'] })).toEqual([failed.id]);
    expect(await attemptIds({ statuses: [] })).toEqual([]);
    expect(await attemptIds({ component: 'packer' })).toEqual([failed.id]);
    expect(await attemptIds({ since: failed.createdAt })).toEqual([newest.id, failed.id]);
    expect(await attemptIds({ until: failed.createdAt })).toEqual([oldest.id]);
    expect(await attemptIds({ since: oldest.createdAt, until: newest.createdAt, state: 5 })).toEqual([
      oldest.id,
    ]);
    const { items } = await bench.store.searchAttempts({ limit: 1, component: 'packer' });
    expect(items[0]?.record).toEqual({
      id: failed.id,
      buildId: ours.build.id,
      state: 10,
      attempt: 1,
      status: 'failed',
      startTime: failed.startTime,
      startInferred: false,
      endTime: failed.endTime,
      durationSeconds: 0,
      errorCode: 'E1',
      errorCategory: 'transient',
      component: 'packer',
      createdAt: failed.createdAt,
    });
  });

  test('finds the attempts of the newest builds of a project', async () => {
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const [first, second, third] = [await bench.create(), await bench.create(), await bench.create()];
    const foreign = await bench.create({}, other);
    const [oldest, failed] = [makeAttempt(first.build.id), makeAttempt(first.build.id, { status: 'failed' })];
    const [early, late] = [makeAttempt(second.build.id), makeAttempt(second.build.id, { state: 10 })];
    const gone = makeAttempt(third.build.id);
    await bench.commit(second, { attempts: [early, late] });
    await bench.commit(first, { attempts: [oldest, failed] });
    await bench.commit(foreign, { attempts: [makeAttempt(foreign.build.id)] });
    const head = await bench.commit(third, { attempts: [gone] });
    const recent = async (builds: number) => {
      const query = { projectId: bench.project.id, builds, statuses: ['completed'] } as const;
      return (await bench.store.recentAttempts(query)).map(({ id }) => id);
    };
    expect(await recent(10)).toEqual([gone.id, early.id, late.id, oldest.id]);
    expect(await recent(2)).toEqual([gone.id, early.id, late.id]);
    await remove(head);
    expect(await recent(2)).toEqual([early.id, late.id, oldest.id]);
  });

  test('finds resume requests of all builds by project, status and time', async () => {
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const ours = await bench.create();
    const theirs = await bench.create({}, other);
    const done = makeResumeRequest(ours.build.id, { orchestrationStatus: 'completed' });
    const open = makeResumeRequest(theirs.build.id);
    await bench.commit(ours, { resumeRequests: [done] });
    await bench.commit(theirs, { resumeRequests: [open] });
    const found = async (query: object) => {
      const { items } = await bench.store.searchResumeRequests({ limit: 10, ...query });
      return items.map(({ record }) => record);
    };
    expect(await found({})).toEqual([open, done]);
    expect(await found({ projectId: other.id })).toEqual([open]);
    expect(await found({ statuses: ['completed'] })).toEqual([done]);
    expect(await found({ since: open.createdAt })).toEqual([open]);
    expect(await found({ until: open.createdAt })).toEqual([done]);
  });

  test('shows a record as it was last written', async () => {
    const head = await bench.create();
    const attempt = makeAttempt(head.build.id, { status: 'in_progress', endTime: null });
    const artifact = makeArtifact(head.build.id);
    const request = makeResumeRequest(head.build.id);
    const next = await bench.commit(head, {
      attempts: [attempt],
      artifacts: [artifact],
      resumeRequests: [request],
    });
    expect(await attemptIds({ statuses: ['in_progress'] })).toEqual([attempt.id]);
    await bench.commit(next, {
      attempts: [{ ...attempt, status: 'completed', endTime: deletedAt }],
      artifacts: [{ ...artifact, isFinal: true }],
      resumeRequests: [{ ...request, orchestrationStatus: 'failed' }],
    });
    expect(await attemptIds({ statuses: ['in_progress'] })).toEqual([]);
    expect(await attemptIds({ statuses: ['completed'] })).toEqual([attempt.id]);
    expect(await artifactNames({ isFinal: true })).toEqual([artifact.artifactName]);
    const { items } = await bench.store.searchResumeRequests({ limit: 1, statuses: ['failed'] });
    expect(items).toHaveLength(1);
  });

  test('finds what a restored build has gathered', async () => {
    const head = await bench.create();
    const parent = newId();
    const attempt = makeAttempt(head.build.id);
    const whole = await bench.store.loadWholeBuild(head.build.id);
    if (whole === undefined) throw new BenchError('the build is not there');
    const id = newId();
    const build = { ...head.build, id, buildNumber: 'restored' };
    await bench.store.restoreBuild({
      ...whole,
      head: { ...head, build },
      attempts: [{ ...attempt, buildId: id }],
      artifacts: [makeArtifact(id, { artifactName: 'restored', parents: [parent] })],
      resumeRequests: [makeResumeRequest(id)],
      events: [],
    });
    expect(await artifactNames({ parents: [parent] })).toEqual(['restored']);
    expect(await attemptIds({})).toEqual([attempt.id]);
    expect((await bench.store.searchResumeRequests({ limit: 10 })).items).toHaveLength(1);
  });

  test('leaves out what belongs to deleted builds', async () => {
    const head = await bench.create();
    const parent = newId();
    const rows = {
      attempts: [makeAttempt(head.build.id)],
      artifacts: [makeArtifact(head.build.id, { parents: [parent] })],
      resumeRequests: [makeResumeRequest(head.build.id)],
    };
    const next = await bench.commit(head, rows);
    expect(await artifactNames({ parents: [parent] })).toHaveLength(1);
    await remove(next);
    expect(await artifactNames({ includeDeleted: true })).toEqual([]);
    expect(await artifactNames({ parents: [parent] })).toEqual([]);
    expect(await attemptIds({})).toEqual([]);
    expect((await bench.store.searchResumeRequests({ limit: 10 })).items).toEqual([]);
  });

  test('pages through records of the same moment and the same id without a repeat or a gap', async () => {
    const createdAt = '2026-01-05T00:00:00.000Z';
    const shared = newId();
    const expected: string[] = [];
    for (let build = 0; build < 3; build += 1) {
      const head = await bench.create();
      const { id } = head.build;
      const ids = [shared, newId(), newId()];
      expected.push(...ids.map((row) => `${row} ${id}`));
      await bench.commit(head, {
        artifacts: ids.map((row) => makeArtifact(id, { id: row, createdAt })),
        attempts: ids.map((row) => makeAttempt(id, { id: row, createdAt })),
        resumeRequests: ids.map((row) => makeResumeRequest(id, { id: row, createdAt })),
      });
    }
    for (const limit of [1, 2, 8, 9, 10]) {
      const lists = [
        await readPages((query) => bench.store.searchArtifacts(query), limit),
        await readPages((query) => bench.store.searchAttempts(query), limit),
        await readPages((query) => bench.store.searchResumeRequests(query), limit),
      ];
      for (const list of lists)
        expect(list.map(({ record }) => `${record.id} ${record.buildId}`)).toEqual(
          expected.toSorted().toReversed(),
        );
    }
    const skipped = await bench.store.searchArtifacts({ limit: 2, skip: 3 });
    expect(skipped.items).toHaveLength(2);
    await expectBadCursorsRefused((query) => bench.store.searchArtifacts(query));
    await expectBadCursorsRefused((query) => bench.store.searchAttempts(query));
    await expectBadCursorsRefused((query) => bench.store.searchResumeRequests(query));
  });

  test('shows what another process wrote', async () => {
    const head = await bench.create();
    await bench.store.searchArtifacts({ limit: 1 });
    const other = await bench.another();
    await other.searchArtifacts({ limit: 1 });
    await bench.commit(head, { artifacts: [makeArtifact(head.build.id, { artifactName: 'new' })] });
    const { items } = await other.searchArtifacts({ limit: 10 });
    expect(items.map(({ record }) => record.artifactName)).toEqual(['new']);
  });
}
