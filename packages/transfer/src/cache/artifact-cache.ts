import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, readdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrorWithCode, makePrivateFolder } from '@buildstate/node-runtime';

/** Where downloads are kept for the next time, and how much of them. */
export interface ArtifactCacheOptions {
  /** The folder; made for this user alone when it is needed. Several processes may use it at once. */
  readonly folder: string;
  /** Bytes that it may hold; what was used least recently goes first. Larger artifacts are not kept. */
  readonly maxBytes: number;
  /** Told why something could not be kept or read; downloads go on without the cache. @default nobody */
  readonly onProblem?: (problem: unknown) => void;
}

/** An entry's file. */
interface Entry {
  readonly path: string;
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly usedAt: number;
}

const entryName = /^[0-9a-f]{64}$/;
const temporaryName = /^\.[0-9a-f-]{36}\.part$/;
/** Milliseconds after which a file that was being copied in is one of a process that has ended. */
const dayMs = 24 * 3600 * 1000;

/**
 * Files by their SHA-256. An entry appears whole, by a rename, and goes by an unlink, so that processes need no lock.
 * Nobody relies on an entry being right: whoever takes one hashes it.
 */
export class ArtifactCache {
  readonly #options: ArtifactCacheOptions;

  constructor(options: ArtifactCacheOptions) {
    this.#options = { ...options };
  }

  /** Whether there is an entry. It may be gone the next moment. */
  async has(sha256: string): Promise<boolean> {
    try {
      return (await lstat(this.#pathOf(sha256))).isFile();
    } catch (error) {
      if (!isErrorWithCode(error, 'ENOENT')) this.#options.onProblem?.(error);
      return false;
    }
  }

  /** Copies an entry to a file, as a clone where the file system can. Answers whether there was one. */
  async copyTo(sha256: string, path: string): Promise<boolean> {
    const entry = this.#pathOf(sha256);
    try {
      await copyFile(entry, path, constants.COPYFILE_FICLONE);
      const now = new Date();
      await utimes(entry, now, now);
      return true;
    } catch (error) {
      if (!isErrorWithCode(error, 'ENOENT')) this.#options.onProblem?.(error);
      return false;
    }
  }

  /** Throws an entry out. */
  async drop(sha256: string): Promise<void> {
    try {
      await rm(this.#pathOf(sha256), { force: true });
    } catch (error) {
      this.#options.onProblem?.(error);
    }
  }

  /** Keeps a copy of a file whose SHA-256 has been proved, after making room for it. */
  async keep(sha256: string, sizeBytes: number, path: string): Promise<void> {
    const { folder, maxBytes, onProblem } = this.#options;
    if (sizeBytes > maxBytes) return;
    const temporary = join(folder, `.${randomUUID()}.part`);
    try {
      await makePrivateFolder(folder);
      await this.#makeRoom(maxBytes - sizeBytes, sha256);
      await copyFile(path, temporary, constants.COPYFILE_FICLONE);
      await rename(temporary, this.#pathOf(sha256));
    } catch (error) {
      onProblem?.(error);
      await rm(temporary, { force: true }).catch((again: unknown) => onProblem?.(again));
    }
  }

  #pathOf(sha256: string): string {
    // Digests come from records, which are not to name files elsewhere.
    if (!entryName.test(sha256)) throw new RangeError(`"${sha256}" is no SHA-256.`);
    return join(this.#options.folder, sha256);
  }

  /** Removes what was used least recently, until no more than so many bytes are left besides one entry. */
  async #makeRoom(bytes: number, except: string): Promise<void> {
    const entries = (await this.#entries()).filter(({ path }) => path !== this.#pathOf(except));
    let left = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    for (const entry of entries.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (left <= bytes) return;
      await rm(entry.path, { force: true });
      left -= entry.sizeBytes;
    }
  }

  /** What is there. Copies that nobody will finish are removed on the way. */
  async #entries(): Promise<readonly Entry[]> {
    const { folder } = this.#options;
    const entries: Entry[] = [];
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const stats = await lstat(path).catch((error: unknown) => {
        if (isErrorWithCode(error, 'ENOENT')) return undefined;
        throw error;
      });
      if (stats === undefined || !stats.isFile()) continue;
      const temporary = temporaryName.test(name);
      if (temporary && Date.now() - stats.mtimeMs > dayMs) await rm(path, { force: true });
      else if (temporary || entryName.test(name))
        entries.push({ path, sizeBytes: stats.size, usedAt: temporary ? Date.now() : stats.mtimeMs });
    }
    return entries;
  }
}
