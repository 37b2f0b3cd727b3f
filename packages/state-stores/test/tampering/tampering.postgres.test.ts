import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase, openStore } from '../postgres/place.ts';
import { cutOff, expectFound, expectWhole, tamperings, verdict, victim } from './tamper.ts';

async function onPostgres() {
  const { url } = await newDatabase();
  const one = await victim(async () => {
    const store = await openStore(url);
    const database = await openDatabase(url);
    const execute = (statement: string) =>
      database.query(statement.replace(/head = (replace\(.*?'\))/s, 'head = $1::json'));
    return { store, execute };
  });
  onTestFinished(() => one.remove());
  return one;
}

describe('a history in PostgreSQL', () => {
  test('is right as long as nobody touches it', async () => {
    await expectWhole(await onPostgres());
  });

  test.each(Object.entries(tamperings))('shows %s', async (_, { seq, problem, tamper }) => {
    const one = await onPostgres();
    await tamper(one);
    expect((await verdict(one)).problem).toMatchObject({ seq, problem: expect.stringMatching(problem) });
  });

  test('that lost its end in every trace is found by who has kept the end elsewhere', async () => {
    await expectFound(await onPostgres(), cutOff);
  });
});
