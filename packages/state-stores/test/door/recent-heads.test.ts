import { randomBytes } from 'node:crypto';
import { describeDoor, itGivesTheSameAnswers } from '@buildstate/conformance';
import type { StateStore } from '@buildstate/core';
import { createMemoryStore } from '@buildstate/state-stores/memory';
import { openSqlite } from '@buildstate/state-stores/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTracker } from './open-tracker.ts';

const sqlite = (): StateStore => openSqlite('sqlite::memory:');
const two = { count: 2, recentHeads: true };

describeDoor('two engines that know recent heads, over one SQLite', () => openTracker(sqlite, two));

describe('engines that know recent heads', () => {
  itGivesTheSameAnswers(
    {
      'one that reads each build anew': () => openTracker(createMemoryStore),
      'one over memory': () => openTracker(createMemoryStore, { recentHeads: true }),
      'two over memory': () => openTracker(createMemoryStore, two),
      'two over SQLite': () => openTracker(sqlite, two),
    },
    { runs: 60, length: 30 },
  );
});

/** Two engines over one store, each with a door of its own, and how often the store was asked for a build. */
async function twoEngines() {
  const store = createMemoryStore();
  let loads = 0;
  const counting: StateStore = new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (name === 'loadBuild') loads += 1;
        return member.apply(target, args);
      };
    },
  });
  const engine = { recentHeads: true, key: randomBytes(32).toString('hex') };
  const one = await openTracker(() => counting, engine);
  const other = await openTracker(() => counting, engine);
  onTestFinished(() => one.remove());
  const { body: build } = await one.door.call('createBuild', { body: { project: 'images' } });
  const params = { buildId: build.id };
  const report = (door: typeof one.door, body: Record<string, unknown>) =>
    door.call('recordState', { params, body: body as never });
  return { one: one.door, other: other.door, report, params, loads: () => loads };
}

describe('an engine that knows a recent head', () => {
  it('does not read a build again that it wrote last', async () => {
    const { one, report, loads } = await twoEngines();
    await report(one, { state: 5 });
    const before = loads();
    await report(one, { state: 10, status: 'started' });
    await report(one, { state: 10 });
    expect(loads()).toBe(before);
  });

  it('answers a report that it gets again as it was answered first, even when the build went on', async () => {
    const { one, other, report } = await twoEngines();
    const eventId = crypto.randomUUID();
    await report(one, { state: 5 });
    const { body } = await report(one, { state: 10, eventId });
    await report(one, { state: 25 });
    expect(await report(one, { state: 10, eventId })).toEqual({ body, replayed: true });
    expect(await report(other, { state: 10, eventId })).toEqual({ body, replayed: true });
  });

  it('refuses nothing because of what was true before another engine went on', async () => {
    const { one, other, report, params } = await twoEngines();
    await report(one, { state: 5 });
    await report(one, { state: 25, status: 'failed' });
    // To the first engine the build is still failed, and state 30 could not be reported.
    await other.call('retryBuild', { params, body: {} });
    await report(other, { state: 25 });
    const { body } = await report(one, { state: 30 });
    expect(body).toMatchObject({ state: 30, status: 'completed', lastSuccessfulState: 30 });
  });

  it('does not repeat an old attempt after another engine rolled the build back', async () => {
    const { one, other, report, params } = await twoEngines();
    await report(one, { state: 5 });
    const { body: first } = await report(one, { state: 25 });
    await other.call('rollbackBuild', { params, body: { targetState: 5 } });
    const { body: second } = await report(one, { state: 25 });
    expect(second.attempt).toBe((first.attempt ?? 0) + 1);
  });

  it('says that a build is gone that another engine deleted', async () => {
    const { one, other, report, params } = await twoEngines();
    await report(one, { state: 5 });
    await other.call('deleteBuild', { params });
    await expect(report(one, { state: 10 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('holds to the rules that another engine has given the project', async () => {
    const { one, other, report } = await twoEngines();
    await report(one, { state: 5 });
    await other.call('putStateCode', {
      params: { projectId: 'images', stateCode: '25' },
      body: { name: 'hardened', prerequisites: [10] },
    });
    await expect(report(one, { state: 25 })).rejects.toMatchObject({ code: 'missing_prerequisites' });
  });

  it('takes out a secret that another engine was told', async () => {
    const { one, other, report, params } = await twoEngines();
    await report(one, { state: 5 });
    await other.call('setVariable', {
      params,
      body: { variableKey: 'password', variableValue: 'open sesame', isSensitive: true },
    });
    const { body } = await report(one, { state: 10, message: 'logged in with open sesame' });
    expect(body.message).toBe('logged in with [redacted]');
  });
});
