import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openStateStore } from '@buildstate/state-stores';
import { copyStore } from '@buildstate/state-stores/moving';
import { expect, test } from 'vitest';
import { addresses, fill, newFolder, opened } from './places.ts';

const script = fileURLToPath(new URL('./copy-process.ts', import.meta.url));

/** Copies in a process of its own, which is killed after a while. Whether it had come to its end before. */
async function killedAfter(milliseconds: number, from: string, to: string): Promise<boolean> {
  const child = spawn(process.execPath, ['--conditions=@buildstate/source', script, from, to], {
    stdio: 'inherit',
  });
  const ended = once(child, 'exit');
  await Promise.race([ended, pause(milliseconds)]);
  child.kill('SIGKILL');
  const [code] = await ended;
  return code === 0;
}

const targets = Object.entries(addresses).filter(([name]) => name !== 'memory');

test.each(targets)(
  'a copy to %s that is killed again and again goes on, and is whole at the end',
  async (_, address) => {
    const folder = await newFolder();
    const from = `sqlite://${folder}/source.db`;
    const source = await openStateStore(from);
    const ids = await fill(source, 20);
    await source.close();
    const to = address(`${folder}`);
    let kills = 0;
    // Longer each time, so that it is killed at different places and comes to an end.
    for (let milliseconds = 300; !(await killedAfter(milliseconds, from, to)); milliseconds *= 1.5)
      kills += 1;
    expect(kills).toBeGreaterThan(0);
    const [first, second] = [await opened(from), await opened(to)];
    const { identical, written, conflicts } = await copyStore(first, second);
    expect({ conflicts, builds: identical.builds, more: written.builds }).toEqual({
      conflicts: [],
      builds: 60,
      more: 0,
    });
    for (const id of ids) expect(await second.loadWholeBuild(id)).toEqual(await first.loadWholeBuild(id));
  },
  120_000,
);
