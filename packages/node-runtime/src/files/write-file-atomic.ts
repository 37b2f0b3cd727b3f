import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { spaceErrorOf } from './space-error.ts';
import { syncFolder } from './sync-folder.ts';

/** How a file is written. */
export interface AtomicWriteOptions {
  /** Permissions of the new file, before the process's umask. @default 0o666 */
  readonly mode?: number;
  /** Fail with the system's `EEXIST` when there is a file already. @default false */
  readonly ifAbsent?: boolean;
}

const createOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/**
 * Writes a file so that readers see the old bytes or the new ones, never a part, also after a crash: a
 * temporary file beside it, fsync, rename, fsync of the folder. Nothing is left behind on failure.
 * @throws NoSpaceError on a full disk; the system's error otherwise
 */
export async function writeFileAtomic(
  path: string,
  bytes: string | Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.bldst-${randomUUID()}.tmp`);
  try {
    {
      await using handle = await open(temporary, createOnly, options.mode ?? 0o666);
      await handle.writeFile(bytes);
      await handle.sync();
    }
    if (options.ifAbsent === true) await link(temporary, path);
    else await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    throw spaceErrorOf(error, path) ?? error;
  } finally {
    // After a rename there is nothing to remove; after a link or a failure there is.
    await rm(temporary, { force: true });
  }
}
