import { writeFile } from 'node:fs/promises';
import { ConfigurationError } from '@buildstate/core';
import { describe, expect, test } from 'vitest';
import { openPostgres } from '../../src/postgres/index.ts';
import { postgresPlace } from '../../src/postgres/postgres-place.ts';
import { newFolder } from '../sql/place.ts';

describe('the URL of a PostgreSQL store', () => {
  test.each([
    [
      'postgres://me:s%40cret@db.example:5433/builds?schema=team_a',
      {
        host: 'db.example',
        port: 5433,
        user: 'me',
        password: 's@cret',
        database: 'builds',
        schema: 'team_a',
      },
    ],
    ['postgresql://db.example/builds', { host: 'db.example', database: 'builds', schema: 'public' }],
    ['postgres://me@[::1]/builds', { host: '::1', user: 'me', database: 'builds', schema: 'public' }],
    [
      'postgres:///builds?host=/run/postgresql',
      { host: '/run/postgresql', database: 'builds', schema: 'public' },
    ],
    ['postgres://me@/builds', { user: 'me', database: 'builds', schema: 'public' }],
    ['postgres://', { schema: 'public' }],
    [
      'postgres://db/b?sslmode=require',
      {
        host: 'db',
        database: 'b',
        tls: { rejectUnauthorized: false, checkServerIdentity: expect.any(Function) },
      },
    ],
    ['postgres://db/b?sslmode=verify-full', { host: 'db', tls: { rejectUnauthorized: true } }],
    ['postgres://db/b?sslmode=disable', { host: 'db' }],
  ])('%s leads to %o', (url, place) => {
    expect(postgresPlace(url)).toMatchObject(place);
  });

  test('is encrypted with the certificates that it names', async () => {
    const ca = `${await newFolder()}/ca.pem`;
    await writeFile(ca, 'certificate');
    expect(postgresPlace(`postgres://db/b?sslmode=require&sslrootcert=${ca}`).tls).toMatchObject({
      ca: 'certificate',
      rejectUnauthorized: true,
    });
  });

  test.each([
    ['sqlite:///x', /does not begin with postgres/],
    ['postgres:db', /does not begin with postgres/],
    ['postgres://db:99999/x', /cannot be read/],
    ['postgres://me:100%@db/x', /%/],
    ['postgres://db/x?schema=Upper', /"Upper" is no name of a schema/],
    ['postgres://db/x?schema=a;drop', /no name of a schema/],
    ['postgres://db/x?application_name=y', /parameter "application_name".*known are schema/],
    ['postgres://db/x?sslmode=prefer', /must be one of disable, require, verify-ca, verify-full/],
    ['postgres://db/x?sslrootcert=/absent', /without encrypting/],
    ['postgres://db/x?sslmode=verify-full&sslrootcert=/absent', /cannot be read: \/absent/],
  ])('%s is refused', (url, why) => {
    expect(() => openPostgres(url)).toThrow(ConfigurationError);
    expect(() => openPostgres(url)).toThrow(why);
  });

  test('is never shown with a password, however it is written', () => {
    expect(openPostgres('postgres://me:canary@db:5433/builds?schema=own').uri).toBe(
      'postgres://db:5433/builds?schema=own',
    );
    const bad = [
      'postgres://me:canary@db:x/b',
      'postgres://me:ca%nary@db/b',
      'postgres://me:canary@db/b?x=canary',
    ];
    for (const url of bad) {
      expect(() => openPostgres(url)).toThrow(ConfigurationError);
      expect(() => openPostgres(url)).not.toThrow(/canary|ca%nary/);
    }
  });

  test.each([
    { mostConnections: 4 },
    { connectTimeoutMilliseconds: 0 },
    { statementTimeoutMilliseconds: 1.5 },
  ])('%o is refused by name', (options) => {
    const [name = ''] = Object.keys(options);
    expect(() => openPostgres('postgres://db/x', options)).toThrow(ConfigurationError);
    expect(() => openPostgres('postgres://db/x', options)).toThrow(name);
  });
});
