import { dirname, relative, resolve, sep } from 'node:path';
import { makePrivateFolder, syncFolder } from '@buildstate/node-runtime';

/** Most folders that are remembered. */
const remembered = 10_000;

/** Makes folders below a root whose entries survive a crash of the machine. */
export class DurableFolders {
  readonly #root: string;
  readonly #known = new Set<string>();

  constructor(root: string) {
    this.#root = resolve(root);
  }

  /**
   * Makes a folder and those above it. Entries of folders that others made are synced as well: those others
   * may not have come to it yet.
   */
  async make(folder: string): Promise<void> {
    if (folder === this.#root || this.#known.has(folder)) return;
    await makePrivateFolder(folder);
    for (const above of this.#above(folder)) await syncFolder(above);
    if (this.#known.size >= remembered) this.#known.clear();
    this.#known.add(folder);
  }

  /** The folders that hold the entries of this one and of those above it, down from the root. */
  #above(folder: string): string[] {
    const parts = relative(this.#root, folder).split(sep);
    const paths = parts.map((_, index) => resolve(this.#root, ...parts.slice(0, index + 1)));
    return paths.map((path) => dirname(path));
  }
}
