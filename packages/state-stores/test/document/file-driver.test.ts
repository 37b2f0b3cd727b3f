import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeChange, makeCreation, makeProject } from '@buildstate/conformance';
import { DocumentStore, FileDriver } from '@buildstate/state-stores/document';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const { syncing } = vi.hoisted(() => ({ syncing: { fails: false, folders: [] as string[] } }));
vi.mock(import('@buildstate/node-runtime'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    syncFolder: async (folder: string) => {
      if (syncing.fails) throw Object.assign(new Error('disk failed'), { code: 'EIO' });
      syncing.folders.push(folder);
      await actual.syncFolder(folder);
    },
  };
});

let folder: string;
let driver: FileDriver;

beforeEach(async () => {
  syncing.fails = false;
  folder = await mkdtemp(join(tmpdir(), 'buildstate-driver-'));
  driver = new FileDriver(folder);
  await driver.probe();
  syncing.folders.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(key: string, text: string, expected: string | null): Promise<string> {
  const result = await driver.putIfVersion(key, text, expected);
  if (result === 'conflict') throw new Error('unexpected conflict');
  return result.version;
}

describe('documents in files', () => {
  test('are written once, changed from a version only once, and removed', async () => {
    expect(await driver.get('a/b')).toBeUndefined();
    const first = await put('a/b', '1', null);
    expect(await driver.get('a/b')).toEqual({ text: '1', version: first });
    expect(await driver.putIfVersion('a/b', 'x', null)).toBe('conflict');
    const second = await put('a/b', '2', first);
    expect(await driver.putIfVersion('a/b', 'x', first)).toBe('conflict');
    expect(await driver.putIfVersion('a/b', 'x', 'nonsense')).toBe('conflict');
    expect(await driver.putIfVersion('a/c', 'x', first)).toBe('conflict');
    expect(await driver.get('a/b')).toEqual({ text: '2', version: second });
    await driver.delete('a/b');
    await driver.delete('a/b');
    expect(await driver.get('a/b')).toBeUndefined();
    expect(await driver.putIfVersion('a/b', 'x', second)).toBe('conflict');
    const again = await put('a/b', '3', null);
    expect(again).not.toBe(first);
    expect(await driver.putIfVersion('a/b', 'x', first)).toBe('conflict');
  });

  test('are created and changed by one of many at a time', async () => {
    const race = async (expected: string | null) => {
      const results = await Promise.all(
        Array.from({ length: 30 }, (_, racer) =>
          new FileDriver(folder).putIfVersion('race', `${racer}`, expected),
        ),
      );
      const won = results.filter((result) => result !== 'conflict');
      expect(won).toHaveLength(1);
      expect((await driver.get('race'))?.text).toBe(
        `${results.findIndex((result) => result !== 'conflict')}`,
      );
      return won[0]?.version ?? null;
    };
    let version = await race(null);
    for (let round = 0; round < 10; round += 1) version = await race(version);
  });

  test('are listed by their keys, whatever these look like', async () => {
    const keys = ['A/B', 'a/b', 'a/b-c/d', 'a/b~2ec', 'a/bb', 'a/b/c', 'ab', 'b', 'z_/-'];
    for (const key of keys) await put(key, key, null);
    expect((await driver.list('')).keys).toEqual(keys.toSorted());
    expect((await driver.list('a/')).keys).toEqual(['a/b', 'a/b-c/d', 'a/b/c', 'a/bb', 'a/b~2ec']);
    expect((await driver.list('a/b')).keys).toEqual(['a/b', 'a/b-c/d', 'a/b/c', 'a/bb', 'a/b~2ec']);
    expect((await driver.list('a/b/')).keys).toEqual(['a/b/c']);
    expect((await driver.list('a/', 'a/b/c')).keys).toEqual(['a/bb', 'a/b~2ec']);
    expect((await driver.list('none/')).keys).toEqual([]);
    for (const key of keys) expect((await driver.get(key))?.text).toBe(key);
  });

  test('never lie outside of the folder', async () => {
    for (const key of ['../out', 'a/../../out', '/etc/passwd', 'a//b', '', '.temp/x', 'a\\b', 'a\0b'])
      await expect(driver.putIfVersion(key, 'x', null), key).rejects.toMatchObject({ name: 'StoreError' });
  });

  test('belong to their owner alone', async () => {
    const version = await put('secret/one', '1', null);
    await put('secret/one', '2', version);
    const paths = await readdir(folder, { recursive: true, withFileTypes: true });
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) {
      const { mode } = await stat(join(path.parentPath, path.name));
      expect(mode & 0o777, path.name).toBe(path.isDirectory() ? 0o700 : 0o600);
    }
  });

  test('are synced, with every folder above them, before they are acknowledged', async () => {
    const first = await put('a/b/c', '1', null);
    expect(syncing.folders).toEqual(
      expect.arrayContaining([folder, join(folder, 'a'), join(folder, 'a', 'b')]),
    );
    expect(syncing.folders.at(-1)).toBe(join(folder, 'a', 'b'));
    syncing.folders.length = 0;
    const second = await put('a/b/c', '2', first);
    const own = join(folder, 'a', 'b', 'c.d');
    expect(syncing.folders).toEqual([own, own, join(folder, 'a', 'b')]);
    syncing.folders.length = 0;
    await put('a/b/c', '3', second);
    expect(syncing.folders).toEqual([own, own]);
  });

  test('are refused for good once the disk has failed', async () => {
    const version = await put('a', '1', null);
    syncing.fails = true;
    await expect(driver.putIfVersion('a', '2', version)).rejects.toThrow('cannot be trusted any more');
    syncing.fails = false;
    await expect(driver.get('a')).rejects.toThrow('cannot be trusted any more');
    await expect(driver.probe()).rejects.toThrow('cannot be trusted any more');
  });

  test('are not acknowledged as committed when the disk failed after the rename', async () => {
    const store = new DocumentStore(driver);
    const project = makeProject();
    const creation = makeCreation(project);
    await store.saveProject(project, 0);
    await store.createBuild(creation);
    syncing.fails = true;
    await expect(store.commitBuild(makeChange(creation.head))).rejects.toThrow('cannot be trusted');
  });

  test('leave no more than one text and one pointer behind, also after writers that died', async () => {
    let version = await put('a', '1', null);
    const own = join(folder, 'a.d');
    await writeFile(join(own, 'of.2.00000000-0000-7000-8000-000000000000'), 'left by a writer that died');
    for (let round = 2; round <= 32; round += 1) version = await put('a', `${round}`, version);
    expect((await readdir(own)).toSorted()).toEqual([`at.${version}`, `of.${version}`]);
    expect(await readdir(join(folder, '.temp'))).toEqual([]);
    expect(await readdir(join(folder, '.trash'))).toEqual([]);
  });

  test('keep the text of a slower writer for a version that may still come', async () => {
    let version = await put('a', '1', null);
    for (let round = 2; round <= 31; round += 1) version = await put('a', `${round}`, version);
    const ahead = 'of.33.00000000-0000-7000-8000-000000000000';
    await writeFile(join(folder, 'a.d', ahead), 'for the version after the next');
    await put('a', '32', version);
    expect(await readdir(join(folder, 'a.d'))).toContain(ahead);
  });

  test('cannot be read when something else has removed their pointer', async () => {
    await mkdir(join(folder, 'a.d'));
    await expect(driver.get('a')).rejects.toMatchObject({ name: 'UnavailableError' });
  });
});

describe('opening a folder', () => {
  test('removes what died in the middle, but nothing that may still be at work', async () => {
    const [old, young, trash] = ['.temp/old', '.temp/young', '.trash/any'].map((path) => join(folder, path));
    for (const path of [old, young, trash]) await mkdir(path ?? '');
    await utimes(old ?? '', 0, 0);
    await new FileDriver(folder).probe();
    expect(await readdir(join(folder, '.temp'))).toEqual(['young']);
    expect(await readdir(join(folder, '.trash'))).toEqual([]);
  });

  test('is refused on a network file system, before anything is made there', async () => {
    const path = join(folder, 'share');
    const remote = new FileDriver(path, { isNetworkFileSystem: () => true });
    await expect(remote.probe()).rejects.toMatchObject({ name: 'ConfigurationError' });
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('says what is wrong when a file is in the way', async () => {
    await writeFile(join(folder, 'file'), '');
    const opening = new FileDriver(join(folder, 'file', 'builds')).probe();
    await expect(opening).rejects.toMatchObject({ name: 'StoreError', context: { system_code: 'ENOTDIR' } });
  });
});
