import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { manualClock } from '@buildstate/tooling/manual-clock';
import { describe, expect, it, vi } from 'vitest';
import { currentIdentity, systemClock, withHolderLock } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('a lock that dies with its holder', () => {
  const wait = { waitMs: 0, clock: systemClock };

  function lockedBy(owner: object, ageMs = 0): string {
    const path = join(temporaryFolder(), 'folder', 'work.lock');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify({ id: 'someone-elses', owner }));
    const then = (Date.now() - ageMs) / 1000;
    utimesSync(path, then, then);
    return path;
  }

  it('lets one work at a time, and the next one when it is done', async () => {
    const path = join(temporaryFolder(), 'work.lock');
    let inside = 0;
    const results = await Promise.all(
      Array.from({ length: 8 }, () =>
        withHolderLock(path, { waitMs: 5000, clock: systemClock }, async () => {
          inside += 1;
          expect(inside).toBe(1);
          await systemClock.sleep(2);
          inside -= 1;
          return 'done';
        }),
      ),
    );
    expect(results).toEqual(Array.from({ length: 8 }, () => ({ result: 'done' })));
  });

  it('is not had while a process holds it that lives, or of which nothing is known', async () => {
    for (const owner of [currentIdentity(), { host: 'elsewhere', pid: 1 }]) {
      expect(await withHolderLock(lockedBy(owner), wait, async () => 'in')).toBeUndefined();
    }
  });

  it('is taken from a process that is gone', async () => {
    const path = lockedBy({ ...currentIdentity(), processStartedAt: '1' });
    expect(await withHolderLock(path, wait, async () => 'in')).toEqual({ result: 'in' });
    expect(await withHolderLock(path, wait, async () => 'again')).toEqual({ result: 'again' });
  });

  it('is taken by one of several that find it left behind', async () => {
    const path = lockedBy({ ...currentIdentity(), processStartedAt: '1' });
    let inside = 0;
    const results = await Promise.all(
      Array.from({ length: 6 }, () =>
        withHolderLock(path, wait, async () => {
          inside += 1;
          expect(inside).toBe(1);
          await systemClock.sleep(100);
          inside -= 1;
        }),
      ),
    );
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
  });

  it('is taken after a quarter of an hour from anybody, also when it cannot be read', async () => {
    const path = lockedBy({ host: 'elsewhere' }, 16 * 60_000);
    expect(await withHolderLock(path, wait, async () => 'in')).toEqual({ result: 'in' });
    const broken = lockedBy({}, 16 * 60_000);
    writeFileSync(broken, 'not json');
    const then = (Date.now() - 16 * 60_000) / 1000;
    expect(await withHolderLock(broken, wait, async () => 'in')).toBeUndefined();
    utimesSync(broken, then, then);
    expect(await withHolderLock(broken, wait, async () => 'in')).toEqual({ result: 'in' });
  });

  it('is touched while it is held, so that those who cannot ask about its holder see that it is', async () => {
    const path = join(temporaryFolder(), 'work.lock');
    const clock = manualClock();
    await withHolderLock(path, { waitMs: 0, clock }, async () => {
      await vi.waitFor(() => expect(clock.sleepers()).toBe(1), { timeout: 30_000 });
      await clock.advance(60_000);
      await vi.waitFor(() => expect(statSync(path).mtimeMs).toBe(clock.now()), { timeout: 30_000 });
    });
    expect(clock.sleepers()).toBe(0);
  });
});
