import {
  makeAttempt,
  makeChange,
  makeCreation,
  makeEvent,
  makeLease,
  makeProject,
  newId,
} from '@buildstate/conformance';
import type { BuildHead } from '@buildstate/core';
import { DocumentStore, type StoredDocument } from '@buildstate/state-stores/document';
import { beforeEach, describe, expect, test } from 'vitest';
import { MapDriver } from './map-driver.ts';

const largestHead = 128 * 1024;

describe('what a build costs', () => {
  let documents: Map<string, StoredDocument>;
  let driver: MapDriver;
  let store: DocumentStore;
  let head: BuildHead;
  const project = makeProject();

  beforeEach(async () => {
    documents = new Map();
    driver = new MapDriver(documents);
    store = new DocumentStore(driver);
    await store.saveProject(project, 0);
    const creation = makeCreation(project);
    await store.createBuild(creation);
    head = creation.head;
  });

  const headBytes = () => Buffer.byteLength(documents.get(`heads/${head.build.id}`)?.text ?? '');

  async function commit(parts: Parameters<typeof makeChange>[1] = {}): Promise<void> {
    const change = makeChange(head, parts);
    expect(await store.commitBuild(change)).toBe('applied');
    head = change.head;
  }

  async function calls(work: () => Promise<unknown>): Promise<Record<string, number>> {
    const before = { ...driver.calls };
    await work();
    const { get, putIfVersion, list } = driver.calls;
    return { gets: get - before.get, puts: putIfVersion - before.putIfVersion, lists: list - before.list };
  }

  test('a commit after a load is one compare-and-set', async () => {
    await store.loadBuild(head.build.id);
    const report = { eventId: newId(), answer: {} };
    expect(await calls(() => commit({ report, attempts: [makeAttempt(head.build.id)] }))).toEqual({
      gets: 0,
      puts: 1,
      lists: 0,
    });
  });

  test('a load reads the head and the project, whatever report is asked for', async () => {
    const { id } = head.build;
    await commit({ report: { eventId: newId(), answer: {} } });
    const needs = { eventId: newId(), attempts: { stateAbove: 5, statuses: ['completed'] as const } };
    expect(await calls(() => store.loadBuild(id, needs))).toEqual({ gets: 2, puts: 0, lists: 0 });
  });

  test('a long history costs a load one look for the report, and the head stays small', async () => {
    const { id } = head.build;
    const first = newId();
    await commit({ report: { eventId: first, answer: 'first' } });
    let largest = 0;
    for (let round = 0; round < 1500; round += 1) {
      const attempts = [makeAttempt(id, { message: 'x'.repeat(round % 3000) })];
      const events = [makeEvent('state.started', { round }), makeEvent('state.completed', { round })];
      await commit({ attempts, events, report: { eventId: newId(), answer: { round } } });
      largest = Math.max(largest, headBytes());
    }
    expect(largest).toBeLessThan(64 * 1024);
    const fresh = new DocumentStore(driver);
    expect(await calls(() => fresh.loadBuild(id))).toEqual({ gets: 2, puts: 0, lists: 0 });
    expect(await calls(() => fresh.loadBuild(id, { eventId: newId() }))).toEqual({
      gets: 3,
      puts: 0,
      lists: 0,
    });
    const { answered } = (await fresh.loadBuild(id, { eventId: first })) ?? {};
    expect(answered).toEqual({ eventId: first, answer: 'first' });
  });

  test('a page of events reads only its part of the log', async () => {
    for (let round = 0; round < 1000; round += 1) await commit();
    const fresh = new DocumentStore(driver);
    const { gets } = await calls(() => fresh.listEvents(head.build.id, { limit: 10, afterSeq: 500 }));
    expect(gets).toBeLessThanOrEqual(10);
  });

  test('the largest build that the rules allow has a head below 128 KiB, and is loaded whole', async () => {
    const { id } = head.build;
    const large = { text: 'x'.repeat(60_000) };
    const openAttempt = makeAttempt(id, {
      metadata: large,
      errorDetails: large,
      artifactMetadata: large,
      message: 'ü'.repeat(4096),
      errorMessage: '\u0001'.repeat(8192),
    });
    const states = Object.fromEntries(
      Array.from({ length: 101 }, (_, state) => [
        state,
        {
          state,
          attempts: 9,
          failures: 9,
          outcome: 'completed' as const,
          completedAttemptId: newId(),
          artifactFingerprint: `["s3","s3://${'p'.repeat(2040)}",1,"${'a'.repeat(64)}"]`,
          lastAttemptId: newId(),
          abandoned: false,
        },
      ]),
    );
    const wide = '\u0001'.repeat(200);
    const build = { description: '\u0001'.repeat(8192), metadata: large, platform: wide, osVersion: wide };
    for (let round = 0; round < 80; round += 1) {
      await commit({
        build,
        attempts: [{ ...openAttempt, id: newId(), createdAt: head.build.updatedAt }],
        head: { states, openAttempt, lease: makeLease({ holder: 'h'.repeat(400) }) },
        report: { eventId: newId(), answer: 'y'.repeat(10_000) },
      });
      expect(headBytes()).toBeLessThanOrEqual(largestHead);
    }
    const fresh = new DocumentStore(driver);
    expect((await fresh.loadBuild(id))?.snapshot).toEqual({ ...head, project });
    expect((await fresh.listBuilds({ limit: 10 })).items).toEqual([head.build]);
    expect((await fresh.listAttempts(id, { limit: 1000 })).items).toHaveLength(80);
  });

  test('a part that does not change is written once, and one that does leaves nothing behind', async () => {
    const large = { text: 'x'.repeat(60_000) };
    const parts = () => [...documents.keys()].filter((key) => key.includes('/parts/'));
    await commit({ build: { metadata: large } });
    const [first] = parts();
    await commit({ build: { currentState: 5 } });
    expect(parts()).toEqual([first]);
    await commit({ build: { metadata: { ...large, more: 1 } } });
    expect(parts()).toHaveLength(1);
    expect(parts()).not.toEqual([first]);
    await commit({ build: { metadata: {} } });
    expect(parts()).toEqual([]);
  });
});
