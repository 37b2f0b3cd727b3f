import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { canonicalJson } from '@buildstate/core';
import { checkArchive, importArchive, writeArchiveFile } from '@buildstate/state-stores/moving';
import { describe, expect, test } from 'vitest';
import { sha256Of } from './digest.ts';
import { addresses, fill, newFolder, opened } from './places.ts';

async function exported(folder: string, name = 'a.ndjson'): Promise<string> {
  const store = await opened('memory:');
  await fill(store);
  const path = join(folder, name);
  await writeArchiveFile(store, path);
  return path;
}

/** An archive with another content whose trailer fits it. */
function resealed(lines: readonly string[]): string {
  const body = lines.slice(0, -1).map((line) => `${line}\n`);
  const trailer = JSON.parse(lines.at(-1) ?? '{}');
  return `${body.join('')}${canonicalJson({ ...trailer, sha256: sha256Of(body.join('')) })}\n`;
}

test.each(Object.entries(addresses))(
  'what %s holds comes back exactly, by way of a file',
  async (_, address) => {
    const folder = await newFolder();
    const store = await opened(address(folder));
    const ids = await fill(store);
    const path = join(folder, 'one.ndjson');
    const { counts } = await writeArchiveFile(store, path);
    expect(counts).toMatchObject({ projects: 2, references: 2, tokens: 1, builds: 3, attempts: 6 });
    const other = await opened(`sqlite://${folder}/other.db`);
    const { written, identical, conflicts } = await importArchive(other, path);
    expect(written).toEqual(counts);
    expect(identical.builds).toBe(0);
    expect(conflicts).toEqual([]);
    for (const id of ids) expect(await other.loadWholeBuild(id)).toEqual(await store.loadWholeBuild(id));
    await writeArchiveFile(other, join(folder, 'two.ndjson'));
    expect(await readFile(join(folder, 'two.ndjson'), 'utf8')).toBe(await readFile(path, 'utf8'));
  },
);

test('secrets stay sealed, and the file can be read by its owner alone', async () => {
  const folder = await newFolder();
  const path = await exported(folder);
  const text = await readFile(path, 'utf8');
  expect(text).not.toContain('canary');
  expect(text).toContain('AES-256-GCM');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['a.ndjson']);
});

test('the name says how it is compressed, and the bytes say how it is read', async () => {
  const folder = await newFolder();
  const store = await opened('memory:');
  await fill(store);
  const bytes = async (name: string) => {
    await writeArchiveFile(store, join(folder, name));
    return readFile(join(folder, name));
  };
  const plain = await bytes('a.ndjson');
  const gzip = await bytes('a.ndjson.gz');
  const zstd = await bytes('a.ndjson.zst');
  expect(gunzipSync(gzip)).toEqual(plain);
  expect(zstdDecompressSync(zstd)).toEqual(plain);
  await writeFile(join(folder, 'misnamed'), zstd);
  expect((await checkArchive(join(folder, 'misnamed'))).counts.builds).toBe(3);
});

test('the same again is left alone, and what differs is reported and stays', async () => {
  const folder = await newFolder();
  const path = await exported(folder);
  const store = await opened(`sqlite://${folder}/b.db`);
  const { written } = await importArchive(store, path);
  const again = await importArchive(store, path);
  expect(again.identical).toEqual(written);
  expect(again.written.builds).toBe(0);
  const other = await opened('memory:');
  await fill(other, 1);
  const clash = await importArchive(other, path);
  expect(clash.conflicts.join('\n')).toMatch(/project linux: project linux is there, and differs/);
  expect(clash.conflicts.filter((text) => text.startsWith('build '))).toHaveLength(3);
  expect(clash.written.builds).toBe(0);
  expect((await other.listBuildIds({ limit: 9 })).items).toHaveLength(1);
});

describe('a file that is not whole changes nothing', () => {
  const cases: Readonly<Record<string, readonly [(lines: string[]) => string, RegExp]>> = {
    'cut off at a line': [
      (lines) => `${lines.slice(0, -1).join('\n')}\n`,
      /cut off: its last line is missing/,
    ],
    'cut off in a line': [(lines) => lines.join('\n').slice(0, -200), /cut off/],
    'a changed line': [
      (lines) => `${lines.join('\n').replace('"broken"', '"mended"')}\n`,
      /was changed: its lines are not the ones/,
    ],
    'a line too many': [(lines) => `${lines.join('\n')}\n{}\n`, /comes after the end/],
    'a missing line': [(lines) => `${lines.toSpliced(3, 1).join('\n')}\n`, /was changed/],
    'no JSON': [(lines) => resealed(lines.with(2, '{')), /Line 3 of .* is not JSON/],
    'a field too many': [
      (lines) => resealed(lines.with(1, (lines[1] ?? '').replace('"name":', '"surname":"x","name":'))),
      /Line 2 of .*: project\.surname is not known/,
    ],
    'another type': [
      (lines) => resealed(lines.with(1, (lines[1] ?? '').replace(/"revision":(\d+)/, '"revision":"$1"'))),
      /Line 2 of .*project\.revision must be a whole number/,
    ],
    'a field in a row of a build': [
      (lines) => resealed(lines.map((line) => line.replace('"start_inferred":true', '"start_inferred":1'))),
      /build\.(head|attempts)\.[\w.]*start_inferred must be true or false/,
    ],
    'a newer form': [
      (lines) =>
        resealed(lines.with(0, (lines[0] ?? '').replace('"format_version":2', '"format_version":3'))),
      /has version 3 of the archive form.*Update BuildState/,
    ],
    'another file': [() => 'build_id,state\n1,2\n', /is not an archive of a BuildState store/],
    nothing: [() => '', /is empty/],
  };
  test.each(Object.entries(cases))('%s', async (_, [change, message]) => {
    const folder = await newFolder();
    const lines = (await readFile(await exported(folder), 'utf8')).trimEnd().split('\n');
    const path = join(folder, 'changed');
    await writeFile(path, change(lines));
    const store = await opened(`sqlite://${folder}/c.db`);
    await expect(importArchive(store, path)).rejects.toThrow(message);
    expect((await store.listProjects({ limit: 9, includeDeactivated: true })).items).toEqual([]);
    expect((await store.listBuildIds({ limit: 9 })).items).toEqual([]);
  });

  test.each(['a.ndjson.gz', 'a.ndjson.zst'])('a compressed one that is cut: %s', async (name) => {
    const folder = await newFolder();
    const path = await exported(folder, name);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 20));
    await expect(checkArchive(path)).rejects.toThrow(/damaged or cut off|cut off/);
  });
});

test('reading goes from line to line', async () => {
  const folder = await newFolder();
  const store = await opened('memory:');
  await fill(store, 6);
  const told: number[] = [];
  await writeArchiveFile(store, join(folder, 'a.ndjson'), {
    onProgress: ({ records }) => told.push(records),
  });
  expect(told).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
});
