import { randomUUID } from 'node:crypto';
import { UnavailableError } from '@buildstate/core';
import { expect, it, onTestFinished } from 'vitest';
import { follow, type OpenStream } from '../support/follow.ts';
import { openSocket } from '../support/raw-http.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

/** More events than all buffers between a server and one who does not read can take: 900 of 8 KB each. */
const count = 900;

/** A client that reads until it has the first events, and then nothing more; the last id of which it has all. */
async function readsNoMore(port: number, path: string): Promise<number> {
  const socket = await openSocket(port);
  onTestFinished(() => void socket.destroy());
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${devKeys.write}\r\nAccept: text/event-stream\r\n\r\n`,
  );
  let text = '';
  return new Promise((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
      const [, last] = ids.slice(-2);
      if (last === undefined) return;
      socket.pause();
      // Of the last one, something may be on its way still.
      resolve(last - 1);
    });
  });
}

/** Connects as soon as the server lets it: not while the other stream with the key is open. */
async function connectsAgain(url: string, lastEventId: string): Promise<OpenStream> {
  for (;;) {
    try {
      return await follow(url, { key: devKeys.write, lastEventId });
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

it('one who takes nothing from a stream for too long is cut off, and misses nothing when it comes again', async () => {
  const server = await TestServer.start({ limits: { streamStallMs: 5000, streamsPerKey: 1 } });
  onTestFinished(() => server.remove());
  const build = await server.newBuild();
  for (let made = 1; made < count; made++) {
    const body = {
      event_id: randomUUID(),
      report_event_id: randomUUID(),
      code: 'illegal_transition',
      reason: 'x'.repeat(8000),
    };
    const { status, text } = await server.send(`/builds/${build}/rejected-reports`, { body });
    expect(status, text).toBeLessThan(300);
  }
  const path = `/builds/${build}/events`;
  const last = await readsNoMore(server.running.port, path);
  expect(last).toBeLessThan(count);
  const open = follow(`${server.url}${path}`, { key: devKeys.write });
  await expect(open, 'while the first one is open').rejects.toBeInstanceOf(UnavailableError);
  const again = await connectsAgain(`${server.url}${path}`, String(last));
  onTestFinished(() => again.close());
  await again.until(() => again.events().length >= count - last);
  expect(again.events().map(({ id }) => Number(id))).toEqual(
    Array.from({ length: count - last }, (_, index) => last + 1 + index),
  );
}, 120_000);
