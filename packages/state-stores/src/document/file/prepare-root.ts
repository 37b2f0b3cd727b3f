import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '@buildstate/core/light';
import { fileSystemType, isErrorWithCode, makePrivateFolder, syncFolder } from '@buildstate/node-runtime';

/** A folder under `.temp` that is older than this belongs to nobody any more; if it did, its owner would fail. */
const abandonedAfter = 86_400_000;

/**
 * Makes the folder of a store, for its owner alone, and removes what processes that died have left in it.
 * @throws ConfigurationError on a network file system, where a rename may be repeated and a listing be old
 */
export async function prepareRoot(root: string, isNetwork: (path: string) => boolean): Promise<void> {
  if (isNetwork(root))
    throw new ConfigurationError(
      `${root} is on a network file system (${fileSystemType(root)}), where files cannot be compared and set ` +
        'reliably. Use a folder on a local disk, or a server.',
    );
  await makeRoot(root);
  for (const name of ['.temp', '.trash']) await makePrivateFolder(join(root, name));
  await removeOlder(join(root, '.temp'), abandonedAfter);
  await removeOlder(join(root, '.trash'), 0);
}

/** Makes the folder, and syncs the entries that this adds above it. */
async function makeRoot(root: string): Promise<void> {
  const first = await mkdir(root, { recursive: true, mode: 0o700 });
  for (let made = root; first !== undefined && made.startsWith(first); made = dirname(made))
    await syncFolder(dirname(made));
}

async function removeOlder(folder: string, milliseconds: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await age(path)) >= milliseconds) await rm(path, { recursive: true, force: true });
  }
}

/** Milliseconds since something changed; 0 when it is gone meanwhile. */
async function age(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return 0;
    throw error;
  }
}
