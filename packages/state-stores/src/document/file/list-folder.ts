import { readdir } from 'node:fs/promises';
import { isErrorWithCode } from '@buildstate/node-runtime';
import { entryOf, groupFolder } from './key-paths.ts';

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Every key below a root that begins with a prefix, in the order of their bytes. */
export async function listFolder(root: string, prefix: string): Promise<string[]> {
  const parts = prefix.split('/').slice(0, -1);
  const keys = await keysIn(root, parts, prefix);
  // Keys are ASCII, where the order of code units is that of bytes.
  return keys.sort();
}

async function keysIn(root: string, parts: readonly string[], prefix: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await namesIn(groupFolder(root, parts))) {
    const entry = entryOf(name);
    if (entry === undefined) continue;
    const path = [...parts, entry.part];
    const key = path.join('/');
    if (entry.document && key.startsWith(prefix)) found.push(key);
    if (!entry.document && `${key}/`.startsWith(prefix)) found.push(...(await keysIn(root, path, prefix)));
  }
  return found;
}
