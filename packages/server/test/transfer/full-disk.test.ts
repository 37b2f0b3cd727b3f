import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@buildstate/client';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { devKeys, TestServer } from '../support/test-server.ts';

const mebibyte = 1_048_576;
/** Whether file systems can be mounted here. In CI they must be, so there the test runs and fails. */
const canMount = process.getuid?.() === 0 || (process.env.CI ?? '') !== '';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function smallDisk(bytes: number): Promise<string> {
  const folder = await temporaryFolder();
  closing.push(folder.remove);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'none', folder.path]);
  closing.push(() => execFileSync('umount', [folder.path]));
  return folder.path;
}

async function serverOnSmallDisk() {
  const disk = await smallDisk(20 * mebibyte);
  const store = `sqlite://${join(disk, 'tracker.db')}`;
  const server = await TestServer.start({ dataDir: disk, store });
  closing.push(() => server.remove());
  const staging = join(disk, 'artifacts', '.bldst-uploads');
  const freeBytes = async () => {
    const { bavail, bsize } = await statfs(disk);
    return bavail * bsize;
  };
  return { server, staging, freeBytes };
}

describe.runIf(canMount)('a server whose disk is full', { timeout: 30_000 }, () => {
  it('answers 507 to the part that does not fit, and frees what the upload had stored', async () => {
    const { server, staging, freeBytes } = await serverOnSmallDisk();
    const build = await server.newBuild();
    const begun = await server.send(`/builds/${build}/uploads`, {
      body: { state_code: 10, filename: 'disk.img' },
    });
    const { upload_id: id, part_size_bytes: size } = begun.json();
    const raw = randomBytes(size) as Uint8Array<ArrayBuffer>;
    const part = (number: number) =>
      server.send(`/uploads/${id}/parts/${number}`, {
        method: 'PUT',
        raw,
        headers: { 'content-type': 'application/octet-stream' },
      });
    expect((await part(1)).status).toBe(200);
    const refused = await part(2);
    expect(refused.status).toBe(507);
    expect(refused.json().detail).toMatch(/disk is full/);
    expect(await readdir(staging)).toEqual([]);
    expect(await freeBytes()).toBeGreaterThan(16 * mebibyte);
    expect((await part(3)).status).toBe(507);
  });

  it('makes the client say that no space is left', async () => {
    const { server, staging } = await serverOnSmallDisk();
    const folder = await temporaryFolder();
    closing.push(folder.remove);
    const source = join(folder.path, 'disk.img');
    await writeFile(source, randomBytes(40 * mebibyte));
    const client = await connect(server.url, { apiKey: devKeys.write });
    closing.push(() => client.close());
    const build = await client.builds.create({ project: 'images' });
    const upload = client.artifacts.upload(build.id, { source, state: 10, name: 'disk.img' });
    await expect(upload).rejects.toMatchObject({ kind: 'no_space' });
    expect(await readdir(staging)).toEqual([]);
  });
});
