import { join } from 'node:path';
import {
  backupStore,
  checkStore,
  copyStore,
  importArchive,
  restoreBackup,
  writeArchiveFile,
} from '@buildstate/state-stores/moving';
import { newDatabase } from '@buildstate/tooling/postgres-shared';
import { expect, test } from 'vitest';
import { addresses, fill, keyRing, newFolder, opened } from './places.ts';

test.each(Object.entries(addresses))(
  'from PostgreSQL to %s and back everything is the same',
  async (_, address) => {
    const from = await opened((await newDatabase()).url);
    const there = await opened(address(await newFolder()));
    const back = await opened((await newDatabase()).url);
    const ids = await fill(from);
    const one = await copyStore(from, there);
    const two = await copyStore(there, back);
    expect(one.conflicts).toEqual([]);
    expect(two).toMatchObject({ conflicts: [], sha256: one.sha256, verified: one.verified });
    for (const id of ids) expect(await back.loadWholeBuild(id)).toEqual(await from.loadWholeBuild(id));
  },
);

test('a PostgreSQL store is exported, backed up, checked and restored', async () => {
  const folder = await newFolder();
  const store = await opened((await newDatabase()).url);
  await fill(store, 4);
  const path = join(folder, 'a.ndjson.gz');
  const { counts } = await writeArchiveFile(store, path);
  const imported = await opened((await newDatabase()).url);
  expect((await importArchive(imported, path)).written).toEqual(counts);
  const backup = await backupStore(store, join(folder, 'backup'), { now: '2026-03-01T00:00:00.000Z' });
  expect(backup.form).toBe('archive');
  expect(JSON.stringify(backup)).not.toMatch(/:[^/@"]+@/);
  const restored = await opened((await newDatabase()).url);
  expect((await restoreBackup(join(folder, 'backup'), restored)).written).toEqual(counts);
  const problems: string[] = [];
  for await (const problem of checkStore(restored, { keyRing: await keyRing() })) problems.push(problem);
  expect(problems).toEqual([]);
  expect(await restored.inspect()).toMatchObject({ counts: { builds: 4, attempts: counts.attempts } });
});
