import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { expect, it } from 'vitest';
import { TestServer } from '../support/test-server.ts';
import { fuzz } from './fuzz.ts';

const requests = 600;
/** Another one each time; in the test's name, so that it can be had again. */
const seed = Date.now() % 2 ** 31;

it(`a server over PostgreSQL answers ${requests} requests without a fault (seed ${seed})`, async () => {
  const { url } = await newDatabase();
  const server = await TestServer.start({ store: url, log: { level: 'silent' } });
  try {
    const { faults, reached } = await fuzz(server.url, { requests, seed });
    expect(faults, `seed ${seed}`).toEqual([]);
    expect(reached).toBeGreaterThan(requests / 4);
    expect(await server.newBuild()).toBeTruthy();
  } finally {
    await server.remove();
  }
}, 300_000);
