import { ConfigurationError } from '@buildstate/core';
import { describe, expect, test } from 'vitest';
import { openSqlite } from '../../src/sqlite/index.ts';
import { sqlitePlace } from '../../src/sqlite/sqlite-place.ts';

describe('the URI of a SQLite store', () => {
  test.each([
    ['sqlite::memory:', { form: 'memory' }],
    ['sqlite:///var/lib/state.db', { form: 'file', path: '/var/lib/state.db' }],
    ['sqlite:///var/lib/state.sqlite', { form: 'file', path: '/var/lib/state.sqlite' }],
    ['sqlite:///var/lib/state.SQLite3', { form: 'file', path: '/var/lib/state.SQLite3' }],
    ['sqlite:///var/lib/state-builds', { form: 'folder', path: '/var/lib/state-builds' }],
    ['sqlite:///var/lib/state-builds/', { form: 'folder', path: '/var/lib/state-builds' }],
    ['sqlite:///var/lib/v1.2', { form: 'folder', path: '/var/lib/v1.2' }],
    ['sqlite:///with%20space/%C3%BC.db', { form: 'file', path: '/with space/ü.db' }],
  ])('%s leads to %o', (uri, place) => {
    expect(sqlitePlace(uri)).toEqual(place);
  });

  test.each([
    ['postgres:///x', /does not begin with sqlite:/],
    ['sqlite:state.db', /three slashes/],
    ['sqlite://state.db', /three slashes/],
    ['sqlite:///', /names no file/],
    ['sqlite:///x.db?mode=ro', /no parameters/],
    ['sqlite:///x%2Fy.db', /does not name a path/],
    ['sqlite:///%zz.db', /does not name a path/],
  ])('%s is refused, and the message shows what to write', (uri, why) => {
    expect(() => openSqlite(uri)).toThrow(ConfigurationError);
    expect(() => openSqlite(uri)).toThrow(why);
    expect(() => openSqlite(uri)).toThrow(/sqlite:\/\/\/path\/name\.db/);
  });

  test.each([{ busyTimeoutMilliseconds: -1 }, { checkpointPages: 0 }, { openBuilds: 1.5 }])(
    '%o is refused by name',
    (options) => {
      const [name = ''] = Object.keys(options);
      expect(() => openSqlite('sqlite::memory:', options)).toThrow(ConfigurationError);
      expect(() => openSqlite('sqlite::memory:', options)).toThrow(name);
    },
  );

  test('is shown without what could be a secret', () => {
    expect(() => openSqlite('sqlite://me:canary@host/x.db?key=canary')).toThrow(/sqlite:\/\/…@host\/x\.db/);
    expect(() => openSqlite('sqlite://me:canary@host/x.db?key=canary')).not.toThrow(/canary/);
  });
});
