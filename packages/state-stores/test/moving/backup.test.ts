import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backupStore, restoreBackup } from '@buildstate/state-stores/moving';
import { describe, expect, test } from 'vitest';
import { addresses, fill, newFolder, opened } from './places.ts';

const now = '2026-03-01T00:00:00.000Z';
const places = Object.entries(addresses).filter(([name]) => name !== 'memory');

describe.each(places)('a backup of %s', (_, address) => {
  test('comes back whole into a store of any kind', async () => {
    const folder = await newFolder();
    const store = await opened(address(folder));
    const ids = await fill(store, 4);
    const target = join(folder, 'backup');
    const manifest = await backupStore(store, target, { now });
    expect(manifest).toMatchObject({ madeAt: now, store: { uri: store.uri } });
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
    for (const name of await readdir(target)) expect((await stat(join(target, name))).mode & 0o077).toBe(0);
    for (const [name, other] of Object.entries(addresses)) {
      const restored = await opened(other(await newFolder()));
      const { conflicts, written } = await restoreBackup(target, restored);
      expect([name, conflicts, written.builds]).toEqual([name, [], 4]);
      for (const id of ids) expect(await restored.loadWholeBuild(id)).toEqual(await store.loadWholeBuild(id));
    }
  });

  test('is refused when a file was changed, and nothing is written', async () => {
    const folder = await newFolder();
    const store = await opened(address(folder));
    await fill(store);
    const target = join(folder, 'backup');
    const { files } = await backupStore(store, target, { now });
    const path = join(target, files.at(-1)?.path ?? '');
    const bytes = await readFile(path);
    bytes[bytes.length - 10] = (bytes[bytes.length - 10] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const restored = await opened('memory:');
    await expect(restoreBackup(target, restored)).rejects.toThrow(/was changed: its SHA-256 is/);
    expect((await restored.listBuildIds({ limit: 9 })).items).toEqual([]);
  });
});

test('a backup is made while others write, and is whole', async () => {
  const folder = await newFolder();
  const store = await opened(`sqlite://${folder}/builds.db`);
  await fill(store, 20);
  let writing = true;
  const writer = (async () => {
    for (let made = 0; writing; made += 1) {
      const [id = ''] = (await store.listBuildIds({ limit: 1 })).items;
      const loaded = await store.loadBuild(id);
      await store.touchToken(`none-${made}`, now);
      if (loaded === undefined) throw new Error('the build is there');
    }
  })();
  await backupStore(store, join(folder, 'backup'), { now });
  writing = false;
  await writer;
  const restored = await opened('memory:');
  expect((await restoreBackup(join(folder, 'backup'), restored)).written.builds).toBe(20);
});

test('only an empty store is restored into, unless told otherwise', async () => {
  const folder = await newFolder();
  const store = await opened(`file://${folder}/files`);
  await fill(store);
  await backupStore(store, join(folder, 'backup'), { now });
  await expect(restoreBackup(join(folder, 'backup'), store)).rejects.toThrow(/is not empty/);
  const { identical, conflicts } = await restoreBackup(join(folder, 'backup'), store, { merge: true });
  expect(conflicts).toEqual([]);
  expect(identical.builds).toBe(3);
});

test('nothing that is there is overwritten by a backup', async () => {
  const folder = await newFolder();
  const store = await opened('memory:');
  await writeFile(join(folder, 'mine'), 'x');
  await expect(backupStore(store, folder, { now })).rejects.toThrow(/is there already/);
  expect(await readdir(folder)).toEqual(['mine']);
});

test('a folder that is no backup is told so', async () => {
  await expect(restoreBackup(await newFolder(), await opened('memory:'))).rejects.toThrow(/is not a backup/);
});
