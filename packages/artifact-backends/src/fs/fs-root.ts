import { randomUUID } from 'node:crypto';
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isErrorWithCode, syncFolder } from '@buildstate/node-runtime';
import { checkObjectKey, stagingName } from '../staging-key.ts';
import { linkRefused } from './fs-errors.ts';

async function isLink(path: string): Promise<boolean | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** The folder that a backend lives in: turns keys into paths that never leave it. */
export class FsRoot {
  /** Absolute, and without symbolic links itself. */
  readonly path: string;
  /** The folder for what is not visible yet; made on first use. */
  readonly staging: string;
  readonly #uri: string;

  private constructor(path: string, uri: string) {
    this.path = path;
    this.staging = join(path, stagingName);
    this.#uri = uri.replace(/\/$/, '');
  }

  /** Opens a root, making the folder unless it must exist. */
  static async open(path: string, uri: string): Promise<FsRoot> {
    await mkdir(path, { recursive: true });
    return new FsRoot(await realpath(path), uri);
  }

  /** The object in words, for errors. */
  nameOf(key: string): string {
    return `${this.#uri}/${key}`;
  }

  /**
   * The path of an object.
   * @throws ValidationError for keys that could leave the root or enter the staging folder
   */
  pathOf(key: string): string {
    checkObjectKey(key);
    return join(this.path, ...key.split('/'));
  }

  /**
   * Refuses a key whose folders, as far as they exist, are not all real folders: a symbolic link could lead
   * out of the root.
   * @throws StorageError
   */
  async refuseLinks(key: string): Promise<void> {
    const folders = this.#foldersOf(key);
    for (const folder of folders) {
      const link = await isLink(folder);
      if (link === undefined) return;
      if (link) throw linkRefused(this.nameOf(key));
    }
  }

  /**
   * Makes the folders that a key needs, one by one, never through a link.
   * @returns the folders that got a new entry, which must be synced before the object counts as stored
   */
  async makeFolders(key: string): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const folder of this.#foldersOf(key)) {
      try {
        await mkdir(folder);
        changed.push(dirname(folder));
      } catch (error) {
        if (!isErrorWithCode(error, 'EEXIST')) throw error;
        if (await isLink(folder)) throw linkRefused(this.nameOf(key));
      }
    }
    return changed;
  }

  /** A path for something new in the staging folder. */
  async newStagingPath(prefix: string): Promise<string> {
    await mkdir(this.staging, { recursive: true });
    if (await isLink(this.staging)) throw linkRefused(this.nameOf(stagingName));
    return join(this.staging, `${prefix}${randomUUID()}`);
  }

  /** Makes the entries of folders survive a crash. One that somebody removed meanwhile has none. */
  async sync(folders: Iterable<string>): Promise<void> {
    for (const folder of new Set(folders)) {
      try {
        await syncFolder(folder);
      } catch (error) {
        if (!isErrorWithCode(error, 'ENOENT')) throw error;
      }
    }
  }

  /** Every folder between the root and the object, outermost first. */
  #foldersOf(key: string): readonly string[] {
    const segments = key.split('/').slice(0, -1);
    return segments.map((_, index) => join(this.path, ...segments.slice(0, index + 1)));
  }
}
