import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactBackend } from '@buildstate/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFsBackend } from '../../src/fs/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function program(name: string): string {
  return fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
}

/** Starts one of the programs beside the tests; it is ended with the test at the latest. */
function start(
  name: string,
  ...args: readonly string[]
): ChildProcess & { readonly stdout: NodeJS.ReadableStream } {
  const all = ['--conditions=@buildstate/source', program(name), ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function killAfter(child: ChildProcess, milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function bytesOf(backend: ArtifactBackend, key: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await backend.read(key)).body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function keysOf(backend: ArtifactBackend): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of backend.list('')) keys.push(key);
  return keys;
}

describe('a process that is killed', { timeout: 60_000 }, () => {
  it('in the middle of a large upload leaves nothing visible', async () => {
    for (const delay of [0, 20, 60]) {
      const root = temporaryFolder();
      const child = start('upload-for-ever', root);
      await once(child.stdout, 'data');
      await killAfter(child, delay);
      const backend = await openFsBackend({ root });
      expect(await keysOf(backend)).toEqual([]);
      expect(await backend.stat('folder/key')).toBeUndefined();
      expect(readdirSync(join(root, '.bldst-uploads'))).not.toEqual([]);
    }
  });

  it('while it replaces an object again and again leaves one of its contents, whole', async () => {
    const root = temporaryFolder();
    for (let round = 0; round < 4; round += 1) {
      const child = start('put-for-ever', root);
      await once(child.stdout, 'data');
      await killAfter(child, 10 + round * 17);
      const bytes = await bytesOf(await openFsBackend({ root }), 'key');
      expect(bytes).toHaveLength(1_000_000);
      expect(bytes.every((byte) => byte === bytes[0])).toBe(true);
    }
  });

  it('while it completes uploads leaves each whole or not at all, and completing again succeeds', async () => {
    const root = temporaryFolder();
    const backend = await openFsBackend({ root });
    const contents = [randomBytes(300_000), randomBytes(200_000)] as const;
    const uploads = [];
    for (let index = 0; index < 60; index += 1) {
      const upload = await backend.createUpload(`uploads/${index}`);
      // Every other one without offsets, so that parts have to be joined first.
      const offsets = index % 2 === 0 ? [0, contents[0].length] : [];
      const parts = [];
      for (const [at, bytes] of contents.entries()) {
        parts.push(await backend.uploadPart(upload, { number: at + 1, offset: offsets[at], bytes }));
      }
      uploads.push({ upload, parts });
    }
    const child = start('complete-all', root, JSON.stringify(uploads));
    await once(child.stdout, 'data');
    await killAfter(child, 30);
    const whole = Buffer.concat(contents);
    for (const key of await keysOf(backend)) expect((await bytesOf(backend, key)).equals(whole)).toBe(true);
    for (const { upload, parts } of uploads) await backend.completeUpload(upload, parts);
    for (const { upload } of uploads) expect((await bytesOf(backend, upload.key)).equals(whole)).toBe(true);
  });
});

describe('what a crash left behind', () => {
  const day = 86_400;

  function age(path: string, days: number): void {
    const seconds = Date.now() / 1000 - days * day;
    utimesSync(path, seconds, seconds);
  }

  it('is removed when the next upload begins, but not before its time', async () => {
    const root = temporaryFolder();
    const backend = await openFsBackend({ root });
    const staging = join(root, '.bldst-uploads');
    const [old, young, completed] = [
      await backend.createUpload('old'),
      await backend.createUpload('young'),
      await backend.createUpload('completed'),
    ];
    const part = await backend.uploadPart(completed, { number: 1, offset: 0, bytes: Buffer.from('x') });
    await backend.completeUpload(completed, [part]);
    age(join(staging, old.uploadId), 8);
    age(join(staging, young.uploadId), 6);
    age(join(staging, completed.uploadId), 2);
    await backend.createUpload('next');
    const left = readdirSync(staging);
    expect(left).not.toContain(old.uploadId);
    expect(left).not.toContain(completed.uploadId);
    expect(left).toContain(young.uploadId);
    expect((await backend.listParts(young)).uploadKnown).toBe(true);
    expect((await bytesOf(backend, 'completed')).toString()).toBe('x');
  });

  it('in a record of a part makes the part be sent again, not the upload fail', async () => {
    const root = temporaryFolder();
    const backend = await openFsBackend({ root });
    const upload = await backend.createUpload('key');
    await backend.uploadPart(upload, { number: 1, offset: 0, bytes: Buffer.from('x') });
    const record = join(root, '.bldst-uploads', upload.uploadId, 'part-1.json');
    expect(existsSync(record)).toBe(true);
    const { truncateSync } = await import('node:fs');
    truncateSync(record, 3);
    expect(await backend.listParts(upload)).toEqual({ uploadKnown: true, parts: [] });
    const part = await backend.uploadPart(upload, { number: 1, offset: 0, bytes: Buffer.from('x') });
    await backend.completeUpload(upload, [part]);
    expect(readFileSync(join(root, 'key'), 'utf8')).toBe('x');
  });
});
