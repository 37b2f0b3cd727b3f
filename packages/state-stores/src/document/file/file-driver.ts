import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StoreError, UnavailableError } from '@buildstate/core/light';
import { isErrorWithCode, isNetworkFileSystem, syncFolder } from '@buildstate/node-runtime';
import { folderSize } from '../../folder-size.ts';
import type { DocumentDriver, DriverTraits, ListedKeys, StoredDocument } from '../driver.ts';
import { DurableFolders } from './durable-folders.ts';
import { documentFolder } from './key-paths.ts';
import { listFolder } from './list-folder.ts';
import { prepareRoot } from './prepare-root.ts';
import { makingFolder, removedFolder, removeLeftovers } from './remove-leftovers.ts';
import { withSystemErrors } from './system-errors.ts';
import {
  contentName,
  currentVersion,
  parseVersion,
  pointerName,
  staleNames,
  type Version,
  versionText,
} from './version-names.ts';

/*
 * Compare-and-set on plain files, among any number of processes of one machine, without locks.
 *
 * A document is a folder. In it is one *pointer*, an entry whose *name* says which version is current:
 * `at.<number>.<nonce>`. The text of the first version is in that very file; the text of a later one is in
 * `of.<number>.<nonce>` beside it.
 *
 * - **Change** from version 7.x: write `of.8.y` and sync it, sync the folder, then rename `at.7.x` to `at.8.y`,
 *   and sync the folder again. rename(2) is the compare and the set in one step: it fails with ENOENT if
 *   7.x is not current any more, and of many that try only one can move the name away. Nonces are never used
 *   twice, so a name that was current once never comes back. The text is complete before a name leads to it.
 * - **Create**: make a folder elsewhere with `at.1.x` in it, sync both, and rename the folder to its place.
 *   rename(2) refuses to replace a folder that has something in it, and a document's folder always has. So
 *   a document appears whole or not at all, and once.
 * - **Read**: list the folder, take the pointer, read the text. Either may be gone when it is opened, because
 *   somebody wrote in between: then look again. A listing during a rename may show the old name, the new one,
 *   both (then the newer is true) or neither (then look again). It never shows a name that was gone before it
 *   began, and a pointer that was there before it began is only gone because a newer one is there. So what a
 *   read answers was current at some moment during the read, and never older than what anybody read before.
 * - **Delete**: rename the folder away, then remove it.
 *
 * A process that dies leaves no lock behind that somebody would have to judge. Before the rename, it leaves a
 * text that no name leads to; after it, a change that is complete. Texts that are left over are removed by the
 * writer of a later version: a text for version 8 can become current only while 7 is, so once 8 or later is
 * current, every other text up to that number is waste. A slow writer whose text is removed finds that its
 * rename fails, as it would have anyway.
 *
 * Two crashes of the machine are worth a thought. Between rename and sync, the change may or may not be there
 * afterwards; it was not acknowledged. And if a writer builds on a change that is not synced yet, its own sync
 * of the same folder covers both. Only the folder's own entry lies elsewhere: whoever makes version 2 syncs
 * that as well, in case the maker of version 1 did not come to it.
 *
 * When syncing fails, nobody knows what the disk holds, and asking again would only clear the error. The
 * driver then refuses everything until it is opened anew.
 */

/** A text is removed in passing; every so many versions the whole folder is looked through. */
const tidyEvery = 32;
/** How often a read looks again. Each time somebody else has written in between. */
const lookAgain = 1000;

/** Options of documents in a folder. */
export interface FileDriverOptions {
  /** Whether a path is on a network file system, which is refused. @default asks the system */
  readonly isNetworkFileSystem?: (path: string) => boolean;
}

/** Documents in a folder. */
export class FileDriver implements DocumentDriver {
  readonly kind = 'file';
  readonly uri: string;
  readonly traits: DriverTraits = { shared: true, durable: true, ownConditions: true };
  readonly #root: string;
  readonly #folders: DurableFolders;
  readonly #isNetworkFileSystem: (path: string) => boolean;
  #prepared = false;
  #broken: StoreError | undefined;

  /** @param folder made when it is missing */
  constructor(folder: string, options: FileDriverOptions = {}) {
    this.#root = resolve(folder);
    this.#isNetworkFileSystem = options.isNetworkFileSystem ?? isNetworkFileSystem;
    this.#folders = new DurableFolders(this.#root);
    this.uri = pathToFileURL(this.#root).href;
  }

  get(key: string): Promise<StoredDocument | undefined> {
    return this.#run(`read ${key}`, async () => {
      const folder = documentFolder(this.#root, key);
      for (let attempt = 0; attempt < lookAgain; attempt += 1) {
        const names = await orMissing(readdir(folder));
        if (names === undefined) return undefined;
        const version = currentVersion(names);
        if (version === undefined) continue;
        const text = await orMissing(readFile(join(folder, contentName(version)), 'utf8'));
        if (text !== undefined) return { text, version: versionText(version) };
      }
      throw new UnavailableError(`${key} in ${this.#root} changes faster than it can be read. Try again.`);
    });
  }

  putIfVersion(key: string, text: string, expected: string | null) {
    return this.#run(`write ${key}`, async () => {
      const folder = documentFolder(this.#root, key);
      if (expected === null) return this.#create(folder, text);
      const version = parseVersion(expected);
      return version === undefined ? 'conflict' : this.#replace(folder, text, version);
    });
  }

  list(prefix: string, after = ''): Promise<ListedKeys> {
    return this.#run(`list ${prefix}`, async () => {
      const keys = await listFolder(this.#root, prefix);
      return { keys: keys.filter((key) => key > after), more: false };
    });
  }

  delete(key: string): Promise<void> {
    return this.#run(`remove ${key}`, async () => {
      const folder = documentFolder(this.#root, key);
      const trash = join(this.#root, removedFolder, randomUUID());
      if ((await orMissing(rename(folder, trash).then(() => true))) === undefined) return;
      await this.#sync(dirname(folder));
      await rm(trash, { recursive: true, force: true });
    });
  }

  size(): Promise<number> {
    return this.#run('measure the folder', () => folderSize(this.#root));
  }

  tidy(graceSeconds: number): Promise<number> {
    return this.#run('be tidied', () => removeLeftovers(this.#root, graceSeconds));
  }

  probe(): Promise<void> {
    return this.#run('be used', async () => {
      if (!this.#prepared) await prepareRoot(this.#root, this.#isNetworkFileSystem);
      this.#prepared = true;
      await access(this.#root, constants.R_OK | constants.W_OK | constants.X_OK);
    });
  }

  async #create(folder: string, text: string): Promise<{ version: string } | 'conflict'> {
    if ((await orMissing(stat(folder))) !== undefined) return 'conflict';
    const version = { number: 1, nonce: randomUUID() };
    const temporary = join(this.#root, makingFolder, version.nonce);
    try {
      await mkdir(temporary, { mode: 0o700 });
      await writeSynced(join(temporary, contentName(version)), text);
      await syncFolder(temporary);
      await this.#folders.make(dirname(folder));
      await rename(temporary, folder);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      if (isErrorWithCode(error, 'ENOTEMPTY', 'EEXIST')) return 'conflict';
      throw error;
    }
    await this.#sync(dirname(folder));
    return { version: versionText(version) };
  }

  async #replace(folder: string, text: string, before: Version): Promise<{ version: string } | 'conflict'> {
    const pointer = join(folder, pointerName(before));
    // Saves the trouble of syncing a text that has no chance.
    if ((await orMissing(stat(pointer))) === undefined) return 'conflict';
    const version = { number: before.number + 1, nonce: randomUUID() };
    const content = join(folder, contentName(version));
    try {
      await writeSynced(content, text);
      await this.#sync(folder);
      await rename(pointer, join(folder, pointerName(version)));
    } catch (error) {
      await rm(content, { force: true });
      if (isErrorWithCode(error, 'ENOENT')) return 'conflict';
      throw error;
    }
    await this.#sync(folder);
    if (before.number === 1) await this.#sync(dirname(folder));
    await tidy(folder, before, version);
    return { version: versionText(version) };
  }

  /** Syncs a folder after a change in it. A failure is final: see the head of this file. */
  async #sync(folder: string): Promise<void> {
    try {
      await syncFolder(folder);
    } catch (error) {
      if (isErrorWithCode(error, 'ENOENT')) throw error;
      this.#broken = new StoreError(
        `${this.#root} cannot be trusted any more: its disk failed while ${folder} was written. ` +
          'Check the disk, then start again.',
        { cause: error },
      );
      throw this.#broken;
    }
  }

  #run<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return withSystemErrors(this.#root, what, work);
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  await using handle = await open(path, 'wx', 0o600);
  await handle.writeFile(text);
  await handle.sync();
}

/** Removes the text of the version before, and now and then what writers that died have left. */
async function tidy(folder: string, before: Version, current: Version): Promise<void> {
  const whole = current.number % tidyEvery === 0;
  const names = whole ? ((await orMissing(readdir(folder))) ?? []) : [contentName(before)];
  await Promise.all(staleNames(names, current).map((name) => rm(join(folder, name), { force: true })));
}

/** What the system answers, or `undefined` when there is no such file or folder. */
async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
