import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@buildstate/client';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('the client against this server', () => {
  it('brings a file of several parts to its disk and back', async () => {
    const server = await TestServer.start();
    closing.push(() => server.remove());
    const folder = await temporaryFolder();
    closing.push(folder.remove);
    const bytes = randomBytes(20_000_000);
    const source = join(folder.path, 'disk.img');
    await writeFile(source, bytes);
    const client = await connect(server.url, { apiKey: devKeys.write });
    closing.push(() => client.close());
    const build = await client.builds.create({ project: 'images' });
    const uploaded = await client.artifacts.upload(build.id, { source, state: 10, name: 'disk.img' });
    expect(uploaded.path).toMatch(/^server:\/\/\//);
    const target = join(folder.path, 'copy.img');
    await client.artifacts.download(build.id, { name: 'disk.img' }, target);
    expect((await readFile(target)).equals(bytes)).toBe(true);
    expect(uploaded.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    const verified = await client.artifacts.verify(build.id, 'disk.img', { deep: true });
    expect(verified.verificationStatus).toBe('verified');
  });
});
