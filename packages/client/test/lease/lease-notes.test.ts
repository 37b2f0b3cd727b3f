import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '@buildstate/core';
import { currentIdentity } from '@buildstate/node-runtime';
import { describe, expect, test } from 'vitest';
import { LeaseNotes } from '../../src/lease/lease-notes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Notes in a new folder, of processes that are there until they are said to be gone. */
function bench() {
  const folder = join(temporaryFolder(), 'leases');
  let now = 1000;
  let areGone = false;
  const notes = () =>
    new LeaseNotes({ folder, monotonic: () => now, logger: silentLogger, gone: () => areGone });
  return {
    folder,
    notes,
    kill: () => {
      areGone = true;
    },
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
    files: () => readdir(folder),
  };
}

const lease = { buildId: '0199-a', token: 3, ttlSeconds: 60 };

describe('notes of the leases of a machine', () => {
  test('are nothing where nobody held anything', async () => {
    expect(await bench().notes().gone()).toEqual([]);
  });

  test('say of processes that are gone what they held, to any other process', async () => {
    const { notes, kill } = bench();
    await notes().add(lease);
    expect(await notes().gone()).toEqual([]);
    kill();
    expect(await notes().gone()).toEqual([{ ...lease, identity: currentIdentity() }]);
  });

  test('are gone with the lease', async () => {
    const { notes, kill, files } = bench();
    await notes().add(lease);
    await notes().add({ ...lease, token: 4 });
    await notes().remove(lease);
    await notes().remove(lease);
    kill();
    expect((await notes().gone()).map(({ token }) => token)).toEqual([4]);
    expect(await files()).toEqual(['0199-a.4.json']);
  });

  test('are forgotten when the lease has ended, a time to live after the holder was seen to be gone', async () => {
    const { notes, kill, wait, files } = bench();
    const own = notes();
    await own.add(lease);
    wait(3600);
    kill();
    expect(await own.gone()).toHaveLength(1);
    wait(59.9);
    expect(await own.gone()).toHaveLength(1);
    wait(0.1);
    expect(await own.gone()).toEqual([]);
    expect(await files()).toEqual([]);
  });

  test('leave out what is no note', async () => {
    const { notes, kill, folder } = bench();
    await notes().add(lease);
    await writeFile(join(folder, 'half.json'), '{"buildId": "x"');
    await writeFile(join(folder, 'other.json'), '{"buildId": "x", "token": "3"}');
    await writeFile(join(folder, 'README'), 'not a note');
    kill();
    expect((await notes().gone()).map(({ buildId }) => buildId)).toEqual(['0199-a']);
  });

  test('keep to their folder, whatever an id is', async () => {
    const { notes, files } = bench();
    await notes().add({ ...lease, buildId: '../../etc/x' });
    expect(await files()).toEqual(['______etc_x.3.json']);
  });

  test('that cannot be written keep nobody from working', async () => {
    const { notes, folder } = bench();
    await mkdir(join(folder, '..'), { recursive: true });
    await writeFile(folder, 'a file in the place of the folder');
    await notes().add(lease);
    await notes().remove(lease);
    expect(await notes().gone()).toEqual([]);
  });
});
