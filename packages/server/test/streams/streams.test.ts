import { afterEach, describe, expect, it } from 'vitest';
import { follow } from '../support/follow.ts';
import { TestServer } from '../support/test-server.ts';

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
