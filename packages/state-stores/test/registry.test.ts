import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeProject } from '@buildstate/conformance';
import { openStateStore, stateStoreSchemes } from '@buildstate/state-stores';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

describe('openStateStore', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'buildstate-registry-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['memory', () => 'memory:'],
    ['file', () => pathToFileURL(join(folder, 'a b', 'ü')).href],
    ['sqlite', () => pathToFileURL(join(folder, 'builds.db')).href.replace('file:', 'sqlite:')],
  ])('opens a store of kind %s that works', async (kind, uri) => {
    const store = await openStateStore(uri());
    const project = makeProject();
    await store.saveProject(project, 0);
    expect(await store.loadProject({ id: project.id })).toEqual(project);
    expect(store.kind).toBe(kind);
    await store.close();
  });

  test('takes a scheme in any case', async () => {
    const store = await openStateStore('MEMORY:');
    expect(store.kind).toBe('memory');
    await store.close();
  });

  test('says which stores it knows when it is asked for another', async () => {
    expect(stateStoreSchemes).toEqual(['sqlite', 'postgres', 'postgresql', 'file', 'memory']);
    await expect(openStateStore('sqlit:///builds')).rejects.toMatchObject({
      name: 'ConfigurationError',
      message:
        'No state store is called "sqlit" (sqlit:///builds). Did you mean sqlite? ' +
        'Known are sqlite:///var/lib/builds, postgres://user:password@host/database, file:///var/lib/builds, memory:.',
    });
    await expect(openStateStore('/var/lib/builds')).rejects.toThrow('names no kind of state store');
    await expect(openStateStore('constructor:x')).rejects.toThrow('No state store is called "constructor"');
  });

  test('shows no password of an address that it does not understand', async () => {
    const opening = openStateStore('mysql://user:secret@host/db?password=secret2');
    await expect(opening).rejects.toThrow('No state store is called "mysql"');
    await expect(opening).rejects.not.toThrow(/secret/);
  });

  test.each(['file:relative', 'file://host/folder', 'file:///', 'file:///a?b=c'])(
    'refuses %s, which names no folder of this machine',
    async (uri) => {
      await expect(openStateStore(uri)).rejects.toMatchObject({ name: 'ConfigurationError' });
    },
  );
});
