import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openStateStore } from '@buildstate/state-stores';
import { copyStore } from '@buildstate/state-stores/moving';
import { expect, test } from 'vitest';
import { addresses, fill, newFolder, opened } from './places.ts';

const script = fileURLToPath(new URL('./copy-process.ts', import.meta.url));

/** Copies in a process of its own, which is killed once it has told of so many records. How it ended. */
async function killedAt(records: number, from: string, to: string): Promise<number | NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', script, from, to], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let told = 0;
  child.stdout.on('data', (text: Buffer) => {
    told += text.length;
    if (told >= records) child.kill('SIGKILL');
  });
  const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  return signal ?? code;
}

const targets = Object.entries(addresses).filter(([name]) => name !== 'memory');

test.each(targets)(
  'a copy to %s that is killed again and again goes on, and is whole at the end',
  async (_, address) => {
    const folder = await newFolder();
    const from = `sqlite://${folder}/source.db`;
    const source = await openStateStore(from);
    const ids = await fill(source, 40);
    await source.close();
    const to = address(folder);
    for (const records of [2, 9, 20, 33]) expect(await killedAt(records, from, to)).toBe('SIGKILL');
    const [first, second] = [await opened(from), await opened(to)];
    const { written, identical, conflicts } = await copyStore(first, second);
    expect(conflicts).toEqual([]);
    // Some of it had come over before, and the rest comes now.
    expect(identical.builds).toBeGreaterThan(15);
    expect(identical.builds + written.builds).toBe(40);
    for (const id of ids) expect(await second.loadWholeBuild(id)).toEqual(await first.loadWholeBuild(id));
  },
  120_000,
);
