import { execFileSync } from 'node:child_process';
import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const inCi = (process.env.CI ?? '') !== '';
const isRoot = process.getuid?.() === 0;

/** Whether file systems can be mounted here. In CI they must be, so there the tests run and fail. */
export const canMount = isRoot || inCi;
/** Whether a file system that can clone files can be made here. */
export const canMakeXfs = (isRoot && existsSync('/usr/sbin/mkfs.xfs')) || inCi;

/** Mounts something at a folder until the test ends. */
export function mount(folder: string, ...args: readonly string[]): void {
  execFileSync('mount', [...args, folder]);
  onTestFinished(() => void execFileSync('umount', [folder]));
}

/** A folder on a file system of its own with so many bytes. */
export function smallDisk(bytes: number): string {
  const folder = temporaryFolder();
  mount(folder, '-t', 'tmpfs', '-o', `size=${bytes}`, 'none');
  return folder;
}

/** A folder on XFS, which can clone files. */
export function xfsDisk(): string {
  const image = join(temporaryFolder(), 'disk');
  writeFileSync(image, '');
  truncateSync(image, 320 * 1024 * 1024);
  execFileSync('mkfs.xfs', ['-q', '-m', 'reflink=1', image]);
  const folder = temporaryFolder();
  mount(folder, '-o', 'loop', image);
  return folder;
}
