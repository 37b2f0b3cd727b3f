import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

/** Whether file systems can be mounted here. In CI they must be, so there the tests run and fail. */
export const canMount = process.getuid?.() === 0 || (process.env.CI ?? '') !== '';

/** A folder on a file system of its own with so many bytes; unmounted when the test ends. */
export function smallDisk(bytes: number): string {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'none', folder]);
  onTestFinished(() => void execFileSync('umount', [folder]));
  return folder;
}
