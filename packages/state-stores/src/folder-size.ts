import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrorWithCode } from '@buildstate/node-runtime';

/** Bytes of all files in a folder and its folders. Files that go away meanwhile do not count. */
export async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    try {
      bytes += (await stat(join(entry.parentPath, entry.name))).size;
    } catch (error) {
      if (!isErrorWithCode(error, 'ENOENT')) throw error;
    }
  }
  return bytes;
}
