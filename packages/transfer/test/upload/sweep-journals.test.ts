import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@buildstate/core';
import { StorageError, silentLogger } from '@buildstate/core/light';
import { systemClock } from '@buildstate/node-runtime';
import { describe, expect, it } from 'vitest';
import { sweepUploadJournals, uploadFile, withUploadJournal } from '../../src/index.ts';
import { type FakeBackend, type FakeHooks, fakeBackend } from '../fake-backend.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { crypto } from '../tools.ts';

const day = 24 * 3_600_000;

/** Leaves an upload behind whose journal was last written so long ago, in milliseconds. */
async function leftBehind(ageMs: number, hooks: FakeHooks) {
  const home = temporaryFolder();
  const folder = join(home, 'journals');
  const path = join(home, 'image.raw');
  writeFileSync(path, Buffer.alloc(10_000));
  let broken = true;
  const backend = fakeBackend(
    {
      ...hooks,
      onPart() {
        if (broken) throw new StorageError('Away.', { persistence: 'transient' });
      },
    },
    { maxPutBytes: 1 },
  );
  const upload = () =>
    withUploadJournal({ folder, names: ['x'] }, (journal) =>
      uploadFile({ backend, key: 'key', source: { path }, crypto, partBytes: 1000, journal, ownKey: true }),
    );
  await expect(upload()).rejects.toThrow();
  broken = false;
  for (const name of readdirSync(folder)) {
    const then = (Date.now() - ageMs) / 1000;
    utimesSync(join(folder, name), then, then);
  }
  return { folder, backend, upload };
}

function sweep(folder: string, backend: FakeBackend | undefined, logger: Logger = silentLogger) {
  return sweepUploadJournals({
    folder,
    open: async () => backend,
    ownKeys: true,
    clock: systemClock,
    logger,
  });
}

describe('sweeping what uploads have left behind', () => {
  it('gives an upload up that nobody went on with for a week, and leaves younger ones alone', async () => {
    const old = await leftBehind(8 * day, {});
    expect(await sweep(old.folder, old.backend)).toBe(1);
    expect(old.backend.open.size).toBe(0);
    expect(readdirSync(old.folder)).toEqual([]);

    const young = await leftBehind(6 * day, {});
    expect(await sweep(young.folder, young.backend)).toBe(0);
    expect(young.backend.open.size).toBe(1);
    await young.upload();
    expect(young.backend.open.size).toBe(0);
  });

  it('gives up by its key what was begun and never noted', async () => {
    const onCreated = () => {
      throw new StorageError('Away.', { persistence: 'transient' });
    };
    const { folder, backend } = await leftBehind(8 * day, { onCreated });
    expect(backend.open.size).toBe(1);
    expect(await sweep(folder, backend)).toBe(1);
    expect(backend.open.size).toBe(0);
  });

  it('leaves the upload of a living process alone, however old it is', async () => {
    const { folder, backend } = await leftBehind(8 * day, {});
    await withUploadJournal({ folder, names: ['x'] }, async () => {
      expect(await sweep(folder, backend)).toBe(0);
      expect(backend.open.size).toBe(1);
    });
  });

  it('says what could not be given up, and tries it again later, not at every turn', async () => {
    let away = true;
    const onAbort = () => {
      if (away) throw new StorageError('Still away.');
    };
    const { folder, backend } = await leftBehind(8 * day, { onAbort });
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (_: unknown, text: string) => warnings.push(text) } as Logger;
    expect(await sweep(folder, backend, logger)).toBe(0);
    expect(await sweep(folder, backend, logger)).toBe(0);
    expect(warnings).toEqual(['The parts of an upload that was left behind could not be removed.']);
    away = false;
    const later = { ...systemClock, now: () => Date.now() + 8 * day };
    const open = async () => backend;
    expect(await sweepUploadJournals({ folder, open, clock: later, logger })).toBe(1);
    expect(backend.open.size).toBe(0);
  });

  it('forgets an upload whose store is out of reach for good, and files that were cut short', async () => {
    const { folder } = await leftBehind(8 * day, {});
    const stray = join(folder, '.bldst-1.tmp');
    writeFileSync(stray, '');
    utimesSync(stray, 1, 1);
    expect(await sweep(folder, undefined)).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
    expect(await sweep(join(folder, 'none'), undefined)).toBe(0);
  });
});
