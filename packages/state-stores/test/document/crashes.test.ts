import {
  type Fault,
  faultyDriver,
  makeAttempt,
  makeBuild,
  makeChange,
  makeCreation,
  makeLease,
  makeProject,
  makeReference,
  makeResumeRequest,
  newId,
  onlyNth,
} from '@buildstate/conformance';
import type { BuildHead } from '@buildstate/core';
import { DocumentStore, type StoredDocument } from '@buildstate/state-stores/document';
import { beforeEach, describe, expect, test } from 'vitest';
import { MapDriver } from './map-driver.ts';

const watched = ['get', 'putIfVersion', 'list', 'delete'] as const;
const limits = { entryBytes: 2000, partBytes: 50, tailBytes: 4000, tailEntries: 3, segments: 2 };
/** More calls than any single operation of the store makes. */
const manyCalls = 60;

describe('a writer of documents that dies or is not answered, at any of its calls', () => {
  let documents: Map<string, StoredDocument>;
  const project = makeProject({ name: 'images' });

  const healthy = () => new DocumentStore(new MapDriver(documents), { limits });
  const faulty = (call: number, fault: Fault) =>
    new DocumentStore(faultyDriver(new MapDriver(documents), watched, onlyNth(call, fault)), { limits });

  beforeEach(async () => {
    documents = new Map();
    await healthy().saveProject(project, 0);
  });

  /** Does the work with each call of it failing in turn, until it needs no further call. */
  async function atEveryCall(
    fault: Fault,
    work: (store: DocumentStore, call: number) => Promise<unknown>,
    check: (outcome: unknown, call: number) => Promise<void>,
  ): Promise<void> {
    let faults = 0;
    for (let call = 1; call <= manyCalls; call += 1) {
      const outcome = await work(faulty(call, fault), call).catch((error: unknown) => error);
      await check(outcome, call);
      if (outcome instanceof Error) faults += 1;
    }
    // A crash always ends the work; a lost reply is made good where the store can.
    if (fault === 'crash') expect(faults).toBeGreaterThan(2);
    expect(faults).toBeLessThan(manyCalls);
  }

  test.each(['crash', 'fail', 'drop-reply', 'late'] as const)(
    'leaves a number that exactly one build has: %s',
    async (fault) => {
      const numbers = (call: number) => `${fault}-${call}`;
      const creation = (call: number) =>
        makeCreation(project, {
          build: { buildNumber: numbers(call), metadata: { large: 'x'.repeat(200) } },
        });
      const intended: string[] = [];
      await atEveryCall(
        fault,
        (store, call) => {
          const change = creation(call);
          intended[call] = change.head.build.id;
          return store.createBuild(change);
        },
        async (outcome, call) => {
          const store = healthy();
          const second = creation(call);
          const { existing } = await store.createBuild(second);
          const owner = existing ?? second.head.build.id;
          // What was acknowledged is there; what was not is there whole, or not at all.
          if (!(outcome instanceof Error)) expect(outcome).toEqual({});
          if (!(outcome instanceof Error)) expect(owner).toBe(intended[call]);
          expect([intended[call], second.head.build.id]).toContain(owner);
          const number = { projectId: project.id, buildNumber: numbers(call) };
          expect(await store.findBuilds(number)).toEqual([owner]);
          const { items } = await store.listBuilds({ limit: 1000, q: numbers(call) });
          expect(items.filter(({ buildNumber }) => buildNumber === numbers(call))).toHaveLength(1);
          const loaded = await store.loadBuild(owner);
          expect(loaded?.snapshot.build.metadata).toEqual({ large: 'x'.repeat(200) });
          expect((await store.listEvents(owner, { limit: 10 })).items).toHaveLength(1);
        },
      );
    },
  );

  test.each(['crash', 'fail', 'drop-reply', 'late'] as const)(
    'applies a commit wholly, or not at all, and says so if it can: %s',
    async (fault) => {
      const creation = makeCreation(project);
      const { id } = creation.head.build;
      await healthy().createBuild(creation);
      const attemptIds: string[] = [];
      const eventIds: string[] = [];
      const load = async () => {
        const loaded = await healthy().loadBuild(id);
        if (loaded === undefined) throw new Error('the build is gone');
        return loaded.snapshot;
      };
      let before: BuildHead = await load();
      await atEveryCall(
        fault,
        (store, call) => {
          const attempt = makeAttempt(id, { metadata: { large: 'x'.repeat(call % 2 === 0 ? 3000 : 10) } });
          attemptIds[call] = attempt.id;
          eventIds[call] = newId();
          return store.commitBuild(
            makeChange(before, {
              build: { metadata: { call, large: 'x'.repeat(100) } },
              attempts: [attempt],
              resumeRequests: [makeResumeRequest(id)],
              report: { eventId: eventIds[call] ?? '', answer: call },
              head: { openAttempt: attempt },
            }),
          );
        },
        async (outcome, call) => {
          const after = await load();
          const applied = after.build.version === before.build.version + 1;
          if (!(outcome instanceof Error))
            expect({ outcome, applied }).toEqual({ outcome: 'applied', applied: true });
          if (!applied) expect(after).toEqual(before);
          const attempt = await healthy().loadAttempt(id, attemptIds[call] ?? '');
          const { answered } = (await healthy().loadBuild(id, { eventId: eventIds[call] })) ?? {};
          expect(attempt !== undefined).toBe(applied);
          expect(answered?.answer).toBe(applied ? call : undefined);
          if (applied) expect(after.openAttempt).toEqual(attempt);
          before = after;
        },
      );
      const { items } = await healthy().listEvents(id, { limit: 1000 });
      expect(items).toHaveLength(before.build.version);
    },
  );

  test.each(['crash', 'fail', 'drop-reply', 'late'] as const)(
    'gives a name to one entry of reference data: %s',
    async (fault) => {
      await atEveryCall(
        fault,
        async (store, call) => {
          const entry = makeReference({ name: `old-${call}` });
          await healthy().saveReference('platforms', entry);
          return store.saveReference('platforms', { ...entry, name: `new-${call}` });
        },
        async (outcome, call) => {
          const saved = await healthy().saveReference('platforms', makeReference({ name: `new-${call}` }));
          if (outcome === true) expect(saved).toBe(false);
          await healthy().saveReference('platforms', makeReference({ name: `old-${call}` }));
          const { items } = await healthy().listReferences('platforms', { limit: 1000 });
          const names = items.map(({ name }) => name).filter((name) => name.endsWith(`-${call}`));
          expect(names).toEqual([`new-${call}`, `old-${call}`]);
          for (const name of names)
            expect(await healthy().loadReference('platforms', { name })).toMatchObject({ name });
        },
      );
    },
  );

  test.each(['fail', 'drop-reply'] as const)('counts a heartbeat that is not answered: %s', async (fault) => {
    const creation = makeCreation(project);
    const { id } = creation.head.build;
    const lease = makeLease();
    await healthy().createBuild({ ...creation, leaseChanged: true, head: { ...creation.head, lease } });
    for (let call = 1; call <= 4; call += 1) {
      const before = (await healthy().loadBuild(id))?.snapshot.lease?.renewals ?? 0;
      const renewed = await faulty(call, fault)
        .renewLease(id, 1)
        .catch(() => undefined);
      const after = (await healthy().loadBuild(id))?.snapshot.lease;
      if (renewed !== undefined) expect(after).toEqual(renewed);
      expect(after?.renewals).toBeLessThanOrEqual(before + 1);
    }
  });

  test('tells a slow creator whose number somebody else finished for it that it has created the build', async () => {
    const change = makeCreation(project, { build: { buildNumber: '8' } });
    const rival = makeCreation(project, { build: { buildNumber: '8' } });
    let answer: unknown;
    class Slow extends MapDriver {
      override async putIfVersion(key: string, text: string, expected: string | null) {
        if (key.startsWith('heads/')) answer = await healthy().createBuild(rival);
        return super.putIfVersion(key, text, expected);
      }
    }
    expect(await new DocumentStore(new Slow(documents), { limits }).createBuild(change)).toEqual({});
    expect(answer).toEqual({ existing: change.head.build.id });
    expect(await healthy().findBuilds({ id: rival.head.build.id })).toEqual([]);
  });

  test('finishes the creation of a build whose creator died between number and head', async () => {
    const change = makeCreation(project, { build: makeBuild(project, { buildNumber: '7' }) });
    // Get the head, get the number, put the number; the head is the fourth call.
    await expect(faulty(4, 'crash').createBuild(change)).rejects.toThrow('Injected');
    expect(await healthy().findBuilds({ id: change.head.build.id })).toEqual([]);
    const again = makeCreation(project, { build: { buildNumber: '7' } });
    expect(await healthy().createBuild(again)).toEqual({ existing: change.head.build.id });
    expect((await healthy().loadBuild(change.head.build.id))?.snapshot).toEqual({ ...change.head, project });
  });
});
