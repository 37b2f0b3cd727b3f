import { IntegrityError } from '@buildstate/core';
import { expect, test } from 'vitest';
import { isBusy, isTaken, storeErrorOf } from '../../src/sqlite/sqlite-errors.ts';

const coded = (code: string): Error => Object.assign(new Error('secret detail'), { code });

test.each([
  ['SQLITE_FULL', 'no_space'],
  ['ENOSPC', 'no_space'],
  ['EDQUOT', 'no_space'],
  ['SQLITE_CORRUPT', 'store_failed'],
  ['SQLITE_CORRUPT_INDEX', 'store_failed'],
  ['SQLITE_NOTADB', 'store_failed'],
  ['SQLITE_IOERR_FSYNC', 'store_failed'],
  ['SQLITE_CONSTRAINT_NOTNULL', 'store_failed'],
  ['SQLITE_BUSY', 'unavailable'],
  ['SQLITE_BUSY_RECOVERY', 'unavailable'],
  ['SQLITE_LOCKED_SHAREDCACHE', 'unavailable'],
  ['SQLITE_CANTOPEN_ISDIR', 'configuration'],
  ['SQLITE_READONLY_DIRECTORY', 'configuration'],
  ['EACCES', 'configuration'],
  ['EROFS', 'configuration'],
])('%s becomes %s, which names the file and keeps details to its cause', (code, expected) => {
  const cause = coded(code);
  const error = storeErrorOf(cause, '/data/state.db');
  expect(error.code).toBe(expected);
  expect(error.message).toContain('/data/state.db');
  expect(JSON.stringify([error.message, error.context])).not.toContain('secret');
  expect(error.cause).toBe(cause);
});

test('an error without a code is one of the store', () => {
  expect(storeErrorOf(new TypeError('secret'), '/data/state.db').code).toBe('store_failed');
});

test('an error of BuildState stays what it is', () => {
  const error = new IntegrityError('wrong');
  expect(storeErrorOf(error, '/data/state.db')).toBe(error);
});

test('only a lock is worth waiting for, and only a taken key is an answer', () => {
  const codes = [
    'SQLITE_BUSY_SNAPSHOT',
    'SQLITE_CONSTRAINT_UNIQUE',
    'SQLITE_CONSTRAINT_FOREIGNKEY',
    'SQLITE_FULL',
  ];
  expect(codes.filter((code) => isBusy(coded(code)))).toEqual(['SQLITE_BUSY_SNAPSHOT']);
  expect(codes.filter((code) => isTaken(coded(code)))).toEqual(['SQLITE_CONSTRAINT_UNIQUE']);
});
