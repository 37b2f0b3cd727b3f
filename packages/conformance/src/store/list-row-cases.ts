import { expect, test } from 'vitest';
import { makeEvent } from '../fixtures/change.ts';
import { newId } from '../fixtures/ids.ts';
import { makeArtifact, makeAttempt, makeJob, makeResumeRequest } from '../fixtures/rows.ts';
import type { StoreBench } from './bench.ts';
import { expectBadCursorsRefused, readPages } from './paging.ts';

const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

/** Lists of what belongs to one build. */
export function listRowCases(bench: StoreBench): void {
  test('lists attempts oldest first, by state and status', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const rows = [
      makeAttempt(id, { state: 5 }),
      makeAttempt(id, { state: 10, status: 'failed' }),
      makeAttempt(id, { state: 10, attempt: null, status: 'manual_retry' }),
      makeAttempt(id, { state: 10, attempt: 2 }),
      makeAttempt(id, { state: 15, status: 'skipped' }),
    ];
    let current = await bench.commit(head, { attempts: rows.slice(0, 2) });
    current = await bench.commit(current, { attempts: rows.slice(2) });
    const list = async (query: object) =>
      ids((await bench.store.listAttempts(id, { limit: 100, ...query })).items);
    expect(await list({})).toEqual(ids(rows));
    expect(await list({ state: 10 })).toEqual(ids(rows.slice(1, 4)));
    expect(await list({ stateAbove: 10 })).toEqual(ids(rows.slice(4)));
    expect(await list({ statuses: ['completed', 'failed'] })).toEqual(
      ids([rows[0], rows[1], rows[3]].flatMap((row) => row ?? [])),
    );
    expect(await list({ statuses: [] })).toEqual([]);
    expect(await list({ state: 10, statuses: ['completed'] })).toEqual([rows[3]?.id]);
    const needs = { stateAbove: 5, statuses: ['completed', 'skipped'] as const };
    expect(ids((await bench.load(id, { attempts: needs })).attempts)).toEqual([rows[3]?.id, rows[4]?.id]);
  });

  test('finds where the bytes of a state are kept', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const stored = {
      artifactStorageType: 'azure_blob',
      artifactStoragePath: 'https://account.example/images/a b?.vhd',
      artifactSizeBytes: 2 ** 53 - 1,
      artifactChecksum: `SHA256:${'A'.repeat(64)}`,
      artifactMetadata: { format: 'vhd' },
    };
    const attempt = makeAttempt(id, { state: 25, ...stored });
    await bench.commit(head, { attempts: [attempt] });
    expect((await bench.store.listAttempts(id, { limit: 1, state: 25 })).items[0]).toMatchObject(stored);
  });

  test('pages through attempts and events of the same moment without a repeat or a gap', async () => {
    let head = await bench.create();
    const { id } = head.build;
    const at = '2026-01-05T00:00:00.000Z';
    const made: string[] = [];
    for (let round = 0; round < 7; round += 1) {
      const attempts = Array.from({ length: 3 }, () => makeAttempt(id, { createdAt: at }));
      made.push(...ids(attempts));
      head = await bench.commit(head, {
        attempts,
        events: [makeEvent('state.failed'), makeEvent('build.failed')],
      });
    }
    for (const limit of [1, 4, 21, 22]) {
      expect(ids(await readPages((query) => bench.store.listAttempts(id, query), limit))).toEqual(made);
      const events = await readPages((query) => bench.store.listEvents(id, query), limit);
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
    }
    const skipped = await bench.store.listAttempts(id, { limit: 2, skip: 20 });
    expect(ids(skipped.items)).toEqual(made.slice(20));
    await expectBadCursorsRefused((query) => bench.store.listAttempts(id, query));
    await expectBadCursorsRefused((query) => bench.store.listEvents(id, query));
    await expectBadCursorsRefused((query) => bench.store.listArtifacts(id, query));
  });

  test('pages on undisturbed while attempts are added and changed', async () => {
    let head = await bench.create();
    const { id } = head.build;
    const rows = Array.from({ length: 9 }, () => makeAttempt(id));
    head = await bench.commit(head, { attempts: rows });
    let round = 0;
    const disturb = async () => {
      const [first] = rows;
      round += 1;
      const again = first === undefined ? [] : [{ ...first, message: `changed ${round}` }];
      head = await bench.commit(head, { attempts: [...again, makeAttempt(id)] });
    };
    const seen = ids(await readPages((query) => bench.store.listAttempts(id, query), 4, disturb));
    expect(seen.slice(0, 9)).toEqual(ids(rows));
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('keeps events as they were appended, and lists those after a number', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const data = { state: 5, message: 'ü "quoted"', nested: { list: [1, null] } };
    const next = await bench.commit(head, {
      events: [makeEvent('state.started', data), makeEvent('lease.lost')],
    });
    const { items } = await bench.store.listEvents(id, { limit: 10 });
    expect(items.map(({ type }) => type)).toEqual(['build.created', 'state.started', 'lease.lost']);
    expect(items[1]?.data).toEqual(data);
    expect(items[2]).toMatchObject({ seq: 3, hash: next.chain.hash, buildId: id, actorId: 'tester' });
    expect((await bench.store.listEvents(id, { limit: 10, afterSeq: 1 })).items).toEqual(items.slice(1));
    expect((await bench.store.listEvents(id, { limit: 1, afterSeq: 1 })).items).toEqual(items.slice(1, 2));
    expect((await bench.store.listEvents(id, { limit: 10, afterSeq: 3 })).items).toEqual([]);
  });

  test('lists artifacts by state and age, superseded and deleted ones only when asked', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const base = makeArtifact(id, { stateCode: 25, artifactName: 'root' });
    const early = makeArtifact(id, { stateCode: 10, isResumable: false, isFinal: true, artifactType: 'ami' });
    let current = await bench.commit(head, { artifacts: [base, early] });
    const newer = makeArtifact(id, { stateCode: 25, artifactName: 'root', version: 2 });
    const gone = makeArtifact(id, { stateCode: 5, deletedAt: '2026-01-01T00:00:00.000Z' });
    const replaced = { ...base, supersededBy: newer.id };
    current = await bench.commit(current, { artifacts: [replaced, newer, gone] });
    const list = async (query: object) =>
      (await bench.store.listArtifacts(id, { limit: 100, ...query })).items;
    expect(await list({})).toEqual([early, newer]);
    expect(await list({ includeDeleted: true })).toEqual([gone, early, replaced, newer]);
    expect(await list({ stateCode: 25 })).toEqual([newer]);
    expect(await list({ artifactName: 'root', includeDeleted: true })).toEqual([replaced, newer]);
    expect(await list({ artifactType: 'ami' })).toEqual([early]);
    expect(await list({ isResumable: true })).toEqual([newer]);
    expect(await list({ isResumable: false })).toEqual([early]);
    expect(await list({ isFinal: true })).toEqual([early]);
    expect(await list({ isFinal: false })).toEqual([newer]);
    expect(await list({ id: base.id })).toEqual([]);
    expect(await list({ id: base.id, includeDeleted: true })).toEqual([replaced]);
    expect((await bench.load(id, { artifacts: 'live' })).artifacts).toEqual([early, newer]);
    expect((await bench.load(id, { artifacts: 'all' })).artifacts).toEqual([gone, early, replaced, newer]);
    const paged = await readPages(
      (query) => bench.store.listArtifacts(id, { ...query, includeDeleted: true }),
      1,
    );
    expect(ids(paged)).toEqual(ids([gone, early, replaced, newer]));
  });

  test('lists resume requests newest first and finds one without its build', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const [first, second] = [makeResumeRequest(id), makeResumeRequest(id)];
    let current = await bench.commit(head, { resumeRequests: [first] });
    const done = {
      ...first,
      orchestrationStatus: 'completed' as const,
      metadata: { orchestration_config: { a: 1 } },
    };
    current = await bench.commit(current, { resumeRequests: [done, second] });
    expect(await bench.store.listResumeRequests(id)).toEqual([second, done]);
    expect((await bench.load(id, { resumeRequests: true })).resumeRequests).toEqual([second, done]);
    expect(await bench.store.findResumeRequest(first.id)).toEqual(done);
    expect(await bench.store.findResumeRequest(second.id)).toEqual(second);
    expect(await bench.store.findResumeRequest(newId())).toBeUndefined();
  });

  test('lists jobs oldest first', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const [first, second] = [makeJob(id), makeJob(id, { isResumeJob: true, resumedFromState: 35 })];
    const current = await bench.commit(head, { jobs: [first] });
    await bench.commit(current, { jobs: [second] });
    expect(await bench.store.listJobs(id)).toEqual([first, second]);
    expect((await bench.load(id, { jobs: true })).jobs).toEqual([first, second]);
  });
}
