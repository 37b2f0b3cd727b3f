import { open } from 'node:fs/promises';
import { isErrorWithCode } from './error-code.ts';

/**
 * Makes the entries of a folder survive a crash of the machine: a rename is only on disk once its folder is.
 * Windows has no such call, and some network shares refuse it; there the file system decides.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!isErrorWithCode(error, 'EINVAL', 'ENOTSUP', 'ENOSYS')) throw error;
  }
}
