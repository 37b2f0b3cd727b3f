import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuildStateClient, connect } from '../../src/index.ts';
import { adminKey, type LiveServer, liveServer } from '../support/live-server.ts';

let server: LiveServer;
let client: BuildStateClient;

beforeAll(async () => {
  server = await liveServer({ store: 'memory:' });
  client = await connect(server.url, { apiKey: adminKey, env: {}, reporter: 'ci:job#1', flushSpool: false });
});
afterAll(async () => {
  await client.close();
  await server.remove();
});

const newBuild = async () => (await client.builds.create({ project: 'batches' })).id;

/** Starts that go forward, but for one. */
const reports = Array.from({ length: 250 }, (_, index) => ({
  state: index === 120 ? 1 : Math.floor(index / 3),
  status: 'started' as const,
}));

describe('many reports', () => {
  it('go in several requests, and their results are those of one', async () => {
    const build = await newBuild();
    const { results, ...counts } = await client.builds.recordAll(build, reports);
    expect(counts).toEqual({ recorded: 249, refused: 1, notTried: 0 });
    expect(results.map(({ index }) => index)).toEqual(reports.map((_, index) => index));
    expect(results[120]?.problem?.code).toBe('illegal_transition');
    expect(results[249]?.answer).toMatchObject({ state: 83, reportedBy: 'ci:job#1' });
  });

  it('stop at the first refused one when asked to, whichever request it is in', async () => {
    const build = await newBuild();
    const stopped = await client.builds.recordAll(build, reports, { stopOnError: true });
    expect(stopped).toMatchObject({ recorded: 120, refused: 1, notTried: 129 });
    expect(stopped.results).toHaveLength(121);
  });

  it('carry ids of their own, so that a repetition of the request has one effect', async () => {
    const build = await newBuild();
    const { results } = await client.builds.recordAll(build, [{ state: 5 }, { state: 10 }]);
    const ids = results.map(({ answer }) => answer?.eventId);
    expect(new Set(ids).size).toBe(2);
    const again = await client.builds.recordAll(
      build,
      ids.map((eventId, index) => ({ state: 5 + index * 5, eventId })),
    );
    expect(again.results.map(({ answer }) => answer?.id)).toEqual(results.map(({ answer }) => answer?.id));
    expect(await client.builds.attempts(build).all()).toHaveLength(2);
  });

  it('are none when there are none', async () => {
    expect((await client.builds.recordAll(await newBuild(), [])).results).toEqual([]);
  });
});

describe('reference data', () => {
  it('is found under its kind, with what only that kind has', async () => {
    const { name } = await client.osDistributions.create({ name: 'rhel', displayName: 'Red Hat' });
    const { id } = await client.osDistributions.get(name);
    const version = await client.osVersions.create({
      name: 'rhel-9.4',
      majorVersion: 9,
      osDistributionId: id,
    });
    expect(version.majorVersion satisfies number | string | null).toBe(9);
    expect((await client.osVersions.update('rhel-9.4', { minorVersion: 4 })).minorVersion).toBe(4);
    await client.platforms.create({ name: 'aws', region: 'eu-west-1' });
    expect((await client.platforms.list({ limit: 1 }).all()).map(({ region }) => region)).toEqual([
      'eu-west-1',
    ]);
    await client.platforms.delete('aws');
    expect(await client.platforms.list().all()).toEqual([]);
    expect(await client.platforms.list({ includeDeactivated: true }).all()).toHaveLength(1);
    // @ts-expect-error: regions are of platforms
    await expect(client.imageTypes.create({ name: 'golden', region: 'eu' })).rejects.toThrow(/region/);
  });
});
