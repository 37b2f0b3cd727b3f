import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { StatementCache } from '../../src/sqlite/statement-cache.ts';

test('keeps a statement that is in use while a thousand others come and go, and not those others', () => {
  const database = new Database(':memory:');
  onTestFinished(() => {
    database.close();
  });
  const compile = vi.spyOn(database, 'prepare');
  const statements = new StatementCache(database);
  const select = (value: number) => statements.all({ sql: `select ${value} as value`, parameters: [] });
  for (let other = 1; other <= 1000; other++) {
    expect(select(0)).toEqual([{ value: 0 }]);
    expect(select(other)).toEqual([{ value: other }]);
  }
  expect(compile).toHaveBeenCalledTimes(1001);
  select(1);
  expect(compile).toHaveBeenCalledTimes(1002);
});
