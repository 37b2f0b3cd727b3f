import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ConfigurationError } from '@buildstate/core';
import { type ServerOptions, startServer } from '@buildstate/server';
import { afterEach, describe, expect, it } from 'vitest';
import { parseApiKey } from '../../src/auth/api-key.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const good = 'f3c9a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e';

async function start(options: ServerOptions = {}) {
  const folder = await temporaryFolder();
  closing.push(folder.remove);
  const lines: string[] = [];
  const running = await startServer({
    port: 0,
    store: 'memory:',
    dataDir: folder.path,
    environment: {},
    noticeMs: 0,
    log: { stream: { write: (line: string) => lines.push(line) } },
    ...options,
  });
  closing.push(() => running.close());
  return { running, folder: folder.path, lines };
}

describe('the first start', () => {
  it('makes one administrator key, answers it once, and keeps its hash alone', async () => {
    const folder = await temporaryFolder();
    closing.push(folder.remove);
    const store = `sqlite://${join(folder.path, 'b.db')}`;
    const { running, lines } = await start({ store, dataDir: folder.path });
    const key = running.generatedKey ?? '';
    const secret = parseApiKey(key)?.secret ?? '';
    expect(secret).toHaveLength(43);
    const ask = (value: string) => fetch(`${running.url}/users/me`, { headers: { 'x-api-key': value } });
    expect(await (await ask(key)).json()).toMatchObject({ scopes: ['admin'], project_id: null });
    for (const known of Object.values(devKeys)) expect((await ask(known)).status).toBe(401);
    await running.close();
    expect(lines.join('')).not.toContain(secret);
    for (const entry of await readdir(folder.path, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      expect(bytes.includes(secret), entry.name).toBe(false);
    }
    const again = await start({ store, dataDir: folder.path });
    expect(again.running.generatedKey).toBeUndefined();
    const late = await fetch(`${again.running.url}/users/me`, { headers: { 'x-api-key': key } });
    expect(late.status).toBe(200);
  });

  it('that finds its port taken makes no key: the next one answers it', async () => {
    const folder = await temporaryFolder();
    closing.push(folder.remove);
    const options = { store: `sqlite://${join(folder.path, 'b.db')}`, dataDir: folder.path };
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => other.close(resolve)));
    const { port } = other.address() as { port: number };
    await expect(start({ ...options, port })).rejects.toThrow(ConfigurationError);
    expect((await start(options)).running.generatedKey).toEqual(expect.any(String));
  });

  it('makes a key ring that only its owner can read', async () => {
    const { folder } = await start();
    expect((await stat(join(folder, 'keyring.json'))).mode & 0o777).toBe(0o600);
  });

  it('makes no key where the development keys are good', async () => {
    expect((await start({ dev: true })).running.generatedKey).toBeUndefined();
  });
});

describe('secrets from the environment', () => {
  it.each([
    ['ARTIFACT_SIGNING_KEY', ''],
    ['ARTIFACT_SIGNING_KEY', '   '],
    ['ARTIFACT_SIGNING_KEY', 'changeme'],
    ['ARTIFACT_SIGNING_KEY', 'your-secret-key-change-in-production-please'],
    ['ARTIFACT_SIGNING_KEY', 'secret'],
    ['ARTIFACT_SIGNING_KEY', 'a'.repeat(64)],
    ['ARTIFACT_SIGNING_KEY', devKeys.admin],
    ['ARTIFACT_SIGNING_KEY', good.slice(0, 62)],
    ['BLDST_KEYRING', ''],
    ['BLDST_KEYRING', '{}'],
    ['BLDST_KEYRING', 'changeme'],
    ['BLDST_KEYRING_FILE', ''],
  ])('%s set to "%s" stops the start and is named', async (name, value) => {
    const error = await start({ environment: { [name]: value } }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toContain(name);
    if (value.trim().length > 6) expect((error as Error).message).not.toContain(value);
  });

  it('of 256 random bits are taken', async () => {
    const { running } = await start({ environment: { ARTIFACT_SIGNING_KEY: good } });
    expect((await fetch(`${running.url}/ready`)).status).toBe(200);
  });

  it('that are weak are taken for development', async () => {
    await start({ dev: true, environment: { ARTIFACT_SIGNING_KEY: 'changeme' } });
    await start({ dev: true, environment: { ARTIFACT_SIGNING_KEY: '' } });
  });
});

describe('settings', () => {
  it.each([
    ['0.0.0.0'],
    ['::'],
    ['192.0.2.1'],
    ['example.com'],
    ['localhost.example.com'],
    ['127.0.0.1.nip.io'],
  ])('development keys are refused on %s, before anything is opened', async (host) => {
    const folder = await temporaryFolder();
    closing.push(folder.remove);
    const dataDir = join(folder.path, 'data');
    const starting = start({ dev: true, host, dataDir });
    await expect(starting).rejects.toThrow(ConfigurationError);
    await expect(starting).rejects.toThrow(/127\.0\.0\.1/);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it.each([['127.0.0.1'], ['127.0.0.2'], ['localhost']])('development keys are good on %s', async (host) => {
    const { running } = await start({ dev: true, host });
    const answer = await fetch(`${running.url}/users/me`, { headers: { 'x-api-key': devKeys.read } });
    expect(await answer.json()).toMatchObject({ id: 'dev-readonly' });
  });

  it.each([
    [{ store: 'mysql://localhost/x' }, /postgres:/],
    [{ store: '/just/a/path' }, /sqlite:\/\//],
    [{ port: 70_000 }, /65535/],
    [{ port: 1.5 }, /65535/],
  ])('%o is refused with what would be right', async (options, message) => {
    await expect(start(options)).rejects.toThrow(ConfigurationError);
    await expect(start(options)).rejects.toThrow(message);
  });

  it('a port that is taken is named, and nothing stays open', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => other.close(resolve)));
    const { port } = other.address() as { port: number };
    await expect(start({ port })).rejects.toThrow(new RegExp(`port ${port}`));
  });

  it('tell workers where artifacts go: the server itself, or the base that was given', async () => {
    for (const artifactBase of [undefined, 's3://images/prefix']) {
      const server = await TestServer.start({ ...(artifactBase !== undefined && { artifactBase }) });
      closing.push(() => server.remove());
      const build = await server.newBuild();
      expect((await server.send(`/builds/${build}`)).json().artifact_base).toBe(artifactBase ?? 'server:');
    }
  });
});
