import { afterEach, describe, expect, it } from 'vitest';
import { follow } from '../support/follow.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: Parameters<typeof TestServer.start>[0] = {}): Promise<TestServer> {
  const server = await TestServer.start(options);
  closing.push(() => server.remove());
  return server;
}

async function open(...args: Parameters<typeof follow>) {
  const stream = await follow(...args);
  closing.push(() => stream.close());
  return stream;
}

const report = (server: TestServer, build: string, state: number) =>
  server.send(`/builds/${build}/state`, { body: { state } });

describe('a stream of events', () => {
  it('of a build has its history and then what happens, with seq as id', async () => {
    const server = await start();
    const build = await server.newBuild();
    const stream = await open(`${server.url}/builds/${build}/events`);
    expect(Object.fromEntries(stream.response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      vary: 'accept',
    });
    await stream.until(() => stream.events().length === 1);
    await report(server, build, 5);
    await stream.until(() => stream.events().length === 2);
    expect(stream.messages[0]?.other).toBe('retry: 1000');
    expect(stream.events().map(({ id, event }) => [id, event])).toEqual([
      ['1', 'build.created'],
      ['2', 'state.completed'],
    ]);
    const listed = (await server.send(`/builds/${build}/events`)).json();
    expect(stream.events().map(({ data }) => data)).toEqual(listed);
    const again = await open(`${server.url}/builds/${build}/events`, { lastEventId: '1' });
    await again.until(() => again.events().length === 1);
    expect(again.events()[0]?.id).toBe('2');
    const byQuery = await open(`${server.url}/builds/${build}/events?last_event_id=1`);
    await byQuery.until(() => byQuery.events().length === 1);
    expect(byQuery.events()[0]?.id).toBe('2');
  });

  it('of all builds begins now, and goes on behind any of its ids', async () => {
    const server = await start();
    const [one, two] = [await server.newBuild(), await server.newBuild({ project: 'other' })];
    const stream = await open(`${server.url}/events`);
    await stream.until(() => stream.messages.length > 0);
    await report(server, one, 5);
    await report(server, two, 5);
    await report(server, one, 10);
    await stream.until(() => stream.events().length === 3);
    expect(stream.events().map(({ data }) => [data.build_id, data.seq, data.project])).toEqual([
      [one, 2, 'images'],
      [two, 2, 'other'],
      [one, 3, 'images'],
    ]);
    expect(stream.events().map(({ data }) => data.position)).toEqual(stream.events().map(({ id }) => id));
    const again = await open(`${server.url}/events`, { lastEventId: stream.events()[0]?.id });
    await again.until(() => again.events().length === 2);
    expect(again.events()).toEqual(stream.events().slice(1));
    const all = await open(`${server.url}/events`, { lastEventId: '0' });
    await all.until(() => all.events().length === 5);
    const other = await open(`${server.url}/events?project_id=other&after=0&type=state.*`);
    await other.until(() => other.events().length === 1);
    expect(other.events()[0]?.data).toMatchObject({ build_id: two, seq: 2 });
  });
});

describe('an open stream', () => {
  it('of a revoked key is ended within a second, and those of other keys go on', async () => {
    const server = await start();
    const [revoked, kept] = [await server.newKey(['read']), await server.newKey(['read'])];
    const [one, other] = [
      await open(`${server.url}/events`, { key: revoked }),
      await open(`${server.url}/events`, { key: kept }),
    ];
    const id = revoked.split('_')[1] ?? '';
    const revoking = await server.send(`/users/me/tokens/${id}`, { method: 'DELETE', key: devKeys.admin });
    expect(revoking.status).toBe(204);
    await one.ended;
    await server.newBuild();
    await other.until(() => other.events().length === 1);
  });

  it('shows a key that is bound to a project nothing of others', async () => {
    const server = await start();
    const mine = await server.newBuild({ project: 'mine' });
    const { project_id: projectId } = (await server.send(`/builds/${mine}`)).json();
    const key = await server.newKey(['read'], { project_id: projectId });
    const stream = await open(`${server.url}/events?after=0`, { key });
    const other = await server.newBuild({ project: 'theirs' });
    await report(server, other, 5);
    await report(server, mine, 5);
    await stream.until(() => stream.events().length === 2);
    expect(new Set(stream.events().map(({ data }) => data.project))).toEqual(new Set(['mine']));
    await expect(follow(`${server.url}/builds/${other}/events`, { key })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('does not hold up a server that closes', async () => {
    const server = await TestServer.start({ drainMs: 60_000 });
    const streams = await Promise.all(Array.from({ length: 20 }, () => open(`${server.url}/events`)));
    await server.remove();
    await Promise.all(streams.map(({ ended }) => ended));
  });

  it('is one of a bounded number', async () => {
    const server = await start({ limits: { streams: 3, streamsPerKey: 2 } });
    const first = await open(`${server.url}/events`, { key: devKeys.read });
    await open(`${server.url}/events`, { key: devKeys.read });
    const refused = { code: 'unavailable' };
    await expect(follow(`${server.url}/events`, { key: devKeys.read })).rejects.toMatchObject(refused);
    await open(`${server.url}/events`, { key: devKeys.write });
    await expect(follow(`${server.url}/events`, { key: devKeys.admin })).rejects.toMatchObject(refused);
    first.close();
    await expect
      .poll(
        () =>
          open(`${server.url}/events`, { key: devKeys.admin }).then(
            () => true,
            () => false,
          ),
        {
          timeout: 10_000,
        },
      )
      .toBe(true);
  });

  it('goes on at another server, or at the same after a restart, without a gap', async () => {
    const folder = await temporaryFolder();
    closing.push(folder.remove);
    const store = `sqlite://${folder.path}/shared.db`;
    const environment = { ARTIFACT_SIGNING_KEY: 'a1'.repeat(32) };
    const [one, two] = [await TestServer.start({ store, environment }), await start({ store, environment })];
    const build = await one.newBuild();
    const stream = await open(`${one.url}/events?after=0`);
    await stream.until(() => stream.events().length === 1);
    await report(two, build, 5);
    await stream.until(() => stream.events().length === 2);
    await one.remove();
    await stream.ended;
    await report(two, build, 10);
    await report(two, build, 15);
    const again = await open(`${two.url}/events`, { lastEventId: stream.events()[1]?.id });
    await again.until(() => again.events().length === 2);
    expect([...stream.events(), ...again.events()].map(({ data }) => data.seq)).toEqual([1, 2, 3, 4]);
  });
});
