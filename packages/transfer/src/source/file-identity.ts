import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { IntegrityError } from '@buildstate/core/light';

/** What must stay the same in a file while it is read. */
export interface FileIdentity {
  /** Number of the file in its file system. */
  readonly inode: bigint;
  /** Size in bytes. */
  readonly sizeBytes: number;
  /** When its bytes last changed, in nanoseconds since the epoch. */
  readonly modifiedNs: bigint;
}

/** Takes the identity from what `stat` with `bigint: true` answers. */
export function identityOf(stats: BigIntStats): FileIdentity {
  return { inode: stats.ino, sizeBytes: Number(stats.size), modifiedNs: stats.mtimeNs };
}

function difference(before: FileIdentity, after: FileIdentity): string | undefined {
  if (before.inode !== after.inode) return 'was replaced';
  if (before.sizeBytes !== after.sizeBytes) {
    return `changed its size from ${before.sizeBytes} to ${after.sizeBytes} bytes`;
  }
  return before.modifiedNs === after.modifiedNs ? undefined : 'was modified';
}

/**
 * Checks that an open file still is what it was.
 * @throws IntegrityError when it changed
 */
export async function checkUnchanged(handle: FileHandle, before: FileIdentity, path: string): Promise<void> {
  const change = difference(before, identityOf(await handle.stat({ bigint: true })));
  if (change === undefined) return;
  throw new IntegrityError(`${path} ${change} while it was read. Try again when nothing writes to it.`, {
    context: { path, change },
  });
}
