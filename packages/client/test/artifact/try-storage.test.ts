import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BuildStateError, ConfigurationError } from '@buildstate/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type BuildStateClient, connect } from '../../src/index.ts';
import { adminKey, type LiveServer, liveServer } from '../support/live-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let server: LiveServer | undefined;
let client: BuildStateClient;

afterEach(async () => {
  await client.close();
  await server?.remove();
  server = undefined;
});

/** Files below a folder. */
function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

describe('storage is tried', () => {
  it('on the disk of a server, which keeps nothing of it', async () => {
    server = await liveServer();
    client = await connect(server.url, { apiKey: adminKey, env: {}, spoolFolder: temporaryFolder() });
    const { id } = await client.builds.create({ project: 'images' });
    expect(await client.artifacts.tryStorage({ build: id })).toEqual({ base: 'server:' });
    expect(files(join(server.dataDir, 'artifacts'))).toEqual([]);
    expect(await client.artifacts.list(id).all()).toEqual([]);
    expect((await client.builds.events(id).all()).map(({ type }) => type)).toEqual(['build.created']);
    await expect(client.artifacts.tryStorage({ base: 'server:' })).rejects.toThrow(ConfigurationError);
  });

  it('in a folder, which is as empty afterwards as before', async () => {
    const folder = temporaryFolder();
    client = await connect(join(folder, 'store'), { env: {}, spoolFolder: join(folder, 'spool') });
    const base = pathToFileURL(join(folder, 'artifacts')).href;
    expect(await client.artifacts.tryStorage({ base })).toEqual({ base });
    expect(files(join(folder, 'artifacts'))).toEqual([]);
    const { id } = await client.builds.create({ project: 'images' });
    const tried = await client.artifacts.tryStorage({ build: id });
    expect(tried.base).toMatch(/^file:.*\/artifacts$/);
  });

  it('and one that does not work is told as such', async () => {
    const folder = temporaryFolder();
    client = await connect(join(folder, 'store'), { env: {}, spoolFolder: join(folder, 'spool') });
    writeFileSync(join(folder, 'file'), '');
    const base = pathToFileURL(join(folder, 'file')).href;
    await expect(client.artifacts.tryStorage({ base })).rejects.toThrow(BuildStateError);
    await expect(client.artifacts.tryStorage({})).rejects.toThrow(/Nobody says/);
  });
});
