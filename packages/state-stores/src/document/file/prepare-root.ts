import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '@buildstate/core/light';
import { fileSystemType, makePrivateFolder, syncFolder } from '@buildstate/node-runtime';
import { makingFolder, removedFolder, removeLeftovers } from './remove-leftovers.ts';

/** A folder under `.temp` that is older than this belongs to nobody any more; if it did, its owner would fail. */
const abandonedAfterSeconds = 86_400;

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
  for (const name of [makingFolder, removedFolder]) await makePrivateFolder(join(root, name));
  await removeLeftovers(root, abandonedAfterSeconds);
}

/** Makes the folder, and syncs the entries that this adds above it. */
async function makeRoot(root: string): Promise<void> {
  const first = await mkdir(root, { recursive: true, mode: 0o700 });
  for (let made = root; first !== undefined && made.startsWith(first); made = dirname(made))
    await syncFolder(dirname(made));
}
