import { canonicalJson, type JsonObject, type JsonValue } from '@buildstate/core';
import { expect, test } from 'vitest';
import { makeChange, makeCreation, makeEvent } from '../fixtures/change.ts';
import { newId } from '../fixtures/ids.ts';
import { makeArtifact, makeAttempt, makeResumeRequest } from '../fixtures/rows.ts';
import { loadHead, type StoreBench } from './bench.ts';

/** JSON of users that stores like to change. Parsed, because a literal could not have some of the keys. */
const awkward = JSON.parse(`{
  "__proto__": { "polluted": true }, "constructor": { "prototype": 1 }, "": "empty key", "toString": null,
  "snake_case": 1, "camelCase": 2, "kebab-case": 3, "with.dot": 4, "$ref": 5, "10": "ten", "9": "nine",
  "text": "ü ß 漢字 😀 \\u2028 \\u0001 \\t \\\\ \\" ' \\r\\n end", "nfd": "e\\u0301", "nfc": "\\u00e9",
  "numbers": [0, -1, 1.5, 0.1, 1e21, 5e-324, 1.7976931348623157e308, 9007199254740991, -9007199254740991],
  "nested": [[[[{"deep": [[], {}, null, true, false]}]]]], "empty": {}, "date": "2026-01-01T00:00:00.000Z"
}`) as JsonObject;

function same(actual: unknown, expected: unknown): void {
  expect(canonicalJson(actual as JsonValue)).toBe(canonicalJson(expected as JsonValue));
}

/** Overwrites and adds to everything that is reachable, as far as it lets itself be changed. */
function vandalise(value: unknown): void {
  if (value === null || typeof value !== 'object') return;
  for (const key of Object.keys(value)) {
    vandalise(Reflect.get(value, key));
    Reflect.set(value, key, 'vandalised');
  }
  Reflect.set(value, 'added', 'vandalised');
  if (Array.isArray(value) && !Object.isFrozen(value)) value.push('vandalised');
}

/** What goes in comes out, and what came out is the caller's own. */
export function fidelityCases(bench: StoreBench): void {
  test('gives back the JSON of users exactly', async () => {
    const head = await bench.create({ build: { metadata: awkward } });
    const { id } = head.build;
    const attempt = makeAttempt(id, {
      metadata: awkward,
      errorDetails: [awkward, 'text', 1],
      artifactStorageType: 's3',
      artifactStoragePath: 's3://images/ü',
      artifactMetadata: awkward,
    });
    const eventId = newId();
    const plain = makeAttempt(id, { errorDetails: 'only a text', message: '' });
    const artifact = makeArtifact(id, { metadata: awkward, replicas: ['a,b', ''], parents: [attempt.id] });
    const request = makeResumeRequest(id, { metadata: awkward });
    await bench.commit(head, {
      attempts: [attempt, plain],
      artifacts: [artifact],
      resumeRequests: [request],
      events: [makeEvent('build.updated', awkward)],
      report: { eventId, answer: awkward },
      head: { openAttempt: attempt },
    });
    const loaded = await bench.load(id, { eventId });
    same(loaded.snapshot.build.metadata, awkward);
    expect(Object.hasOwn(loaded.snapshot.build.metadata, '__proto__')).toBe(true);
    same(loaded.snapshot.openAttempt, attempt);
    same(loaded.answered?.answer, awkward);
    same((await bench.store.listAttempts(id, { limit: 9 })).items, [attempt, plain]);
    same((await bench.store.listArtifacts(id, { limit: 9 })).items, [artifact]);
    same(await bench.store.listResumeRequests(id), [request]);
    same((await bench.store.listEvents(id, { limit: 9 })).items[1]?.data, awkward);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('keeps answers that are no objects', async () => {
    let head = await bench.create();
    const answers: JsonValue[] = [null, false, 0, '', [], 'text', 9007199254740991];
    const reports = answers.map((answer) => ({ eventId: newId(), answer }));
    for (const report of reports) head = await bench.commit(head, { report });
    for (const report of reports)
      expect((await bench.load(head.build.id, { eventId: report.eventId })).answered).toEqual(report);
  });

  test('keeps a build whose texts are as long as they may be', async () => {
    const long = 'ü'.repeat(4_096);
    const metadata = { text: 'x'.repeat(60_000) };
    const head = await bench.create({ build: { description: long, metadata } });
    const { id } = head.build;
    const attempt = makeAttempt(id, { message: long, errorMessage: long, errorDetails: metadata, metadata });
    const artifacts = Array.from({ length: 4 }, () => makeArtifact(id, { metadata }));
    const next = await bench.commit(head, { attempts: [attempt], artifacts, head: { openAttempt: attempt } });
    expect(await loadHead(bench.store, id)).toEqual({ ...next, project: bench.project });
    expect((await bench.store.listAttempts(id, { limit: 9 })).items).toEqual([attempt]);
    expect((await bench.store.listArtifacts(id, { limit: 9 })).items).toEqual(artifacts);
  });

  test('is not changed by what callers do with what they gave and got', async () => {
    const creation = makeCreation(bench.project, { build: { metadata: { tags: ['a'] } } });
    const { id } = creation.head.build;
    const eventId = newId();
    const first = makeAttempt(id, { metadata: { tags: ['a'] } });
    const second = makeAttempt(id, { metadata: { tags: ['b'] } });
    const change = makeChange(creation.head, { attempts: [second], report: { eventId, answer: { a: [1] } } });
    const given = structuredClone({ creation: { ...creation, attempts: [first] }, change });
    await bench.store.createBuild(given.creation);
    await bench.store.commitBuild(given.change);
    vandalise(given);
    const everything = async () => ({
      loaded: { ...(await bench.load(id, { eventId })), now: 0 },
      builds: (await bench.store.listBuilds({ limit: 9 })).items,
      attempts: (await bench.store.listAttempts(id, { limit: 9 })).items,
      events: (await bench.store.listEvents(id, { limit: 9 })).items,
      projects: (await bench.store.listProjects({ limit: 9 })).items,
    });
    const before = await everything();
    expect(before.builds).toEqual([change.head.build]);
    expect(before.attempts).toEqual([first, second]);
    expect(before.loaded.answered).toEqual(change.report);
    const copy = structuredClone(before);
    vandalise(before);
    expect(await everything()).toEqual(copy);
  });
}
