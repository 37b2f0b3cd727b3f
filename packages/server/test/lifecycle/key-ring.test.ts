import { randomBytes } from 'node:crypto';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyRingError } from '@buildstate/core';
import { rotateKeyRing } from '@buildstate/node-runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TestServer } from '../support/test-server.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ring: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  ring = join(folder.path, 'keyring.json');
});
afterEach(() => folder.remove());

const path = (build: string) => `/builds/${build}/variables`;

/** Starts a server over the folder's store, does something with it and stops it. */
async function serving<T>(run: (server: TestServer) => Promise<T>, file = ring): Promise<T> {
  const store = `sqlite://${join(folder.path, 'shared.db')}`;
  const options = file === ring ? { dataDir: folder.path } : { environment: { BLDST_KEYRING_FILE: file } };
  const server = await TestServer.start({ store, ...options });
  try {
    return await run(server);
  } finally {
    await server.remove();
  }
}

async function sealed(): Promise<string> {
  return serving(async (server) => {
    const build = await server.newBuild();
    const body = { variable_key: 'password', variable_value: 'hush', is_sensitive: true };
    expect((await server.send(path(build), { body })).status).toBe(201);
    return build;
  });
}

const opened = (build: string) => async (server: TestServer) =>
  (await server.send(`${path(build)}/password`)).json().variable_value;
const idle = async () => undefined;

it('starts again with the ring that it had, and opens what it sealed', async () => {
  const build = await sealed();
  expect(await serving(opened(build))).toBe('hush');
});

it('starts with a ring that was rotated, also when the first key is retired or gone', async () => {
  const build = await sealed();
  const first = JSON.parse(await readFile(ring, 'utf8')).keys[0].id;
  await rotateKeyRing(ring);
  expect(await serving(opened(build))).toBe('hush');
  await rotateKeyRing(ring, { retire: [first] });
  await serving(idle);
  const document = JSON.parse(await readFile(ring, 'utf8'));
  const keys = document.keys.filter(({ id }: { id: string }) => id !== first);
  await writeFile(ring, JSON.stringify({ ...document, keys }));
  await serving(idle);
});

it('does not start with the ring of another place, says which key is missing, and starts with its own again', async () => {
  const build = await sealed();
  const own = join(folder.path, 'own.json');
  await copyFile(ring, own);
  await rm(ring);
  const start = serving(idle);
  await expect(start).rejects.toThrow(KeyRingError);
  await expect(start).rejects.toThrow(/not that of the store sqlite:.*BLDST_KEYRING_FILE/);
  // Refusing must leave nothing behind that lets the next start pass.
  await expect(serving(idle)).rejects.toThrow(KeyRingError);
  expect(await serving(opened(build), own)).toBe('hush');
});

it('does not start with a ring whose key of the same name is another one', async () => {
  await sealed();
  const document = JSON.parse(await readFile(ring, 'utf8'));
  const keys = document.keys.map((key: object) => ({
    ...key,
    secret: randomBytes(32).toString('base64url'),
  }));
  await writeFile(ring, JSON.stringify({ ...document, keys }));
  await expect(serving(idle)).rejects.toThrow(KeyRingError);
});
