import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestServer } from '../support/test-server.ts';
import { fuzz } from './fuzz.ts';

const requests = 1000;
/** Another one each time; in the test's name, so that it can be had again. */
const seed = Date.now() % 2 ** 31;

describe('every route', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ store: undefined, log: { level: 'silent' } });
  });
  afterAll(() => server.remove());

  it(`answers ${requests} valid, nearly valid and hostile requests, none with a fault of the server (seed ${seed})`, async () => {
    const { faults, statuses, reached, authenticated } = await fuzz(server.url, { requests, seed });
    expect(faults, `seed ${seed}`).toEqual([]);
    // The requests reach further than the checks of their input.
    expect(reached / authenticated, JSON.stringify(statuses)).toBeGreaterThan(0.45);
    expect((await server.send('/health', { key: null })).status).toBe(200);
    expect(await server.newBuild()).toBeTruthy();
  }, 300_000);
});
