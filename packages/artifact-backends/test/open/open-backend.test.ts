import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError, IntegrityError } from '@buildstate/core/light';
import { createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';
import { downloadFile, uploadFile, verifyObject } from '@buildstate/transfer';
import { describe, expect, it } from 'vitest';
import { backendSchemes, type OpenBackendOptions, openBackend } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const crypto = createNodeCrypto(await loadKeyRing());

describe('a place', () => {
  it('may be a path or a file: URI of a folder, which is made', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'with blank', 'artifacts');
    for (const place of [path, pathToFileURL(path).href]) {
      const backend = await openBackend(place);
      expect(backend).toMatchObject({ kind: 'local', uri: pathToFileURL(path).href });
      await backend.put('key', Buffer.from('x'));
    }
    expect(readFileSync(join(path, 'key'), 'utf8')).toBe('x');
  });

  it('may be in memory, or in a bucket', async () => {
    expect((await openBackend('memory:')).kind).toBe('memory');
    expect(await openBackend('s3://bucket/a?region=eu-1')).toMatchObject({
      kind: 's3',
      uri: 's3://bucket/a',
    });
    expect(await openBackend('S3://bucket')).toMatchObject({ kind: 's3' });
  });

  it.each([
    ['ftp://host/folder', /"ftp:".*file: nfs: smb: ebs: glusterfs: s3: azure-blob: https: gs: memory:/],
    ['constructor:x', /no artifact backend/],
    ['relative/path', /absolute/],
    ['', /absolute/],
    ['file://otherhost/folder', /host otherhost/],
    ['nfs://server/export/builds', /"mounts" setting/],
  ])('%j is refused', async (place, message) => {
    await expect(openBackend(place)).rejects.toThrow(ConfigurationError);
    await expect(openBackend(place)).rejects.toThrow(message);
  });

  it('of this host is known by localhost', async () => {
    const folder = temporaryFolder();
    expect((await openBackend(`file://localhost${folder}`)).kind).toBe('local');
    expect(hostname()).not.toBe('');
  });
});

describe('a network share', () => {
  const schemes = backendSchemes.filter((scheme) => ['nfs', 'smb', 'ebs', 'glusterfs'].includes(scheme));

  it.each(schemes)('%s:// is found through the mount map', async (scheme) => {
    const mount = temporaryFolder();
    const mounts = { [`${scheme}://server/export`]: mount };
    const backend = await openBackend(`${scheme}://server/export/builds/`, { mounts });
    expect(backend).toMatchObject({ kind: scheme, uri: `${scheme}://server/export/builds` });
    await backend.put('key', Buffer.from('x'));
    expect(existsSync(join(mount, 'builds', 'key'))).toBe(true);
  });

  it('uses the longest entry, at whole segments only', async () => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    for (const path of [one, two]) mkdirSync(path);
    const mounts = { 'nfs://server/export/': one, 'nfs://server/export/deep': two };
    await (await openBackend('nfs://server/export/deep/a', { mounts })).put('key', Buffer.from('x'));
    await (await openBackend('nfs://server/export/deeper', { mounts })).put('key', Buffer.from('x'));
    expect(readdirSync(two)).toEqual(['a']);
    expect(readdirSync(one)).toEqual(['deeper']);
    await expect(openBackend('nfs://server/exported', { mounts })).rejects.toThrow(ConfigurationError);
  });

  it('is not replaced by a local folder when it is not mounted', async () => {
    const mountPoint = join(temporaryFolder(), 'share');
    const mounts = { 'nfs://server/export': mountPoint };
    await expect(openBackend('nfs://server/export/a', { mounts })).rejects.toThrow(/mounted/);
    expect(existsSync(mountPoint)).toBe(false);
  });

  it.each(['../outside', '%2e%2e/outside', 'a%2f..%2f..%2foutside', 'a%5c..'])(
    'is not left by %s',
    async (path) => {
      const mounts = { 'nfs://server/export': temporaryFolder() };
      await expect(openBackend(`nfs://server/export/${path}`, { mounts })).rejects.toThrow(
        ConfigurationError,
      );
    },
  );

  it('needs an absolute path', async () => {
    const options: OpenBackendOptions = { mounts: { 'nfs://server/export': 'relative' } };
    await expect(openBackend('nfs://server/export', options)).rejects.toThrow(/absolute/);
  });
});

describe('a file', () => {
  it('goes to a folder and comes back, proved, and is refused once it was damaged', async () => {
    const folder = temporaryFolder();
    const bytes = randomBytes(20 * 1024 * 1024 + 321);
    const path = join(folder, 'image.raw');
    writeFileSync(path, bytes);
    const backend = await openBackend(join(folder, 'store'));
    const key = 'project/build/state-10/1/image.raw';
    const { sha256, sizeBytes } = await uploadFile({ backend, key, source: { path }, crypto });
    expect(sha256).toBe(crypto.sha256Hex(bytes));
    const expected = { sha256, sizeBytes };
    const target = join(folder, 'back', 'image.raw');
    await downloadFile({ backend, key, target, expected, crypto });
    expect(readFileSync(target).equals(bytes)).toBe(true);

    writeFileSync(join(folder, 'store', key), 'X', { flag: 'r+' });
    await expect(verifyObject({ backend, key, expected, crypto })).rejects.toThrow(IntegrityError);
    const again = join(folder, 'again', 'image.raw');
    await expect(downloadFile({ backend, key, target: again, expected, crypto })).rejects.toThrow(
      IntegrityError,
    );
    expect(readdirSync(join(folder, 'again'))).toEqual([]);
  });
});
