import { describe, expect, onTestFinished, test } from 'vitest';
import { newFolder, openDatabase, openStore } from '../sql/place.ts';
import { cutOff, expectFound, expectWhole, tamperings, verdict, victim } from './tamper.ts';

async function onSqlite() {
  const folder = await newFolder();
  const one = await victim(async () => {
    const store = await openStore(`sqlite://${folder}/state.db`);
    const database = openDatabase(`${folder}/state.db`);
    return { store, execute: async (statement) => database.prepare(statement).run() };
  });
  onTestFinished(() => one.remove());
  return one;
}

describe('a history in a SQLite file', () => {
  test('is right as long as nobody touches it', async () => {
    await expectWhole(await onSqlite());
  });

  test.each(Object.entries(tamperings))('shows %s', async (_, { seq, problem, tamper }) => {
    const one = await onSqlite();
    await tamper(one);
    const found = await verdict(one);
    expect(found.problem).toMatchObject({ seq, problem: expect.stringMatching(problem) });
    expect(found.events).toBe(seq === 6 ? 4 : seq - 1);
  });

  test('may be without signatures from before there were any, if that is said', async () => {
    const one = await onSqlite();
    await tamperings['a signature that was taken away']?.tamper(one);
    expect((await verdict(one, { unsignedBefore: '2999-01-01T00:00:00Z' })).problem).toBeNull();
    expect((await verdict(one, { unsignedBefore: '2001-01-01T00:00:00Z' })).problem?.seq).toBe(13);
  });

  test('that lost its end in every trace is found by who has kept the end elsewhere', async () => {
    await expectFound(await onSqlite(), cutOff);
  });
});
