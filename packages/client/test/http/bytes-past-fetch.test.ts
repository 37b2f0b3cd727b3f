import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@buildstate/client';
import { afterEach, expect, it, vi } from 'vitest';
import { adminKey, liveServer } from '../support/live-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('artifact bytes never pass through fetch, whose bodies libraries copy to be able to send them again', async () => {
  const server = await liveServer();
  const real = globalThis.fetch;
  const calls: { readonly url: string; readonly sent: number; readonly type: string }[] = [];
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = new Request(input, init);
    const sent = (await request.clone().arrayBuffer()).byteLength;
    const response = await real(request);
    calls.push({ url: request.url, sent, type: response.headers.get('content-type') ?? '' });
    return response;
  });
  const client = await connect(server.url, { apiKey: adminKey, env: {}, flushSpool: false });
  const folder = temporaryFolder();
  const [source, copy] = [join(folder, 'disk.img'), join(folder, 'copy.img')];
  // Three parts of the smallest size, so that there is something to copy.
  const bytes = randomBytes(20 * 2 ** 20);
  await writeFile(source, bytes);
  const { id } = await client.builds.create({ project: 'images' });
  await client.artifacts.upload(id, { source, state: 25, name: 'disk' });
  await client.artifacts.download(id, 'disk', copy);
  expect((await readFile(copy)).equals(bytes)).toBe(true);
  await client.close();
  await server.remove();

  expect(calls.length).toBeGreaterThan(2);
  for (const { url, sent, type } of calls) {
    expect([url, sent < 64 * 1024, /json/.test(type)]).toEqual([url, true, true]);
  }
}, 60_000);
