import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { UploadHandle } from '@buildstate/core';
import { isErrorWithCode, writeFileAtomic } from '@buildstate/node-runtime';
import type { FsRoot } from './fs-root.ts';

/** Which file an upload became: kept after completion, so that a repetition is recognised. */
export interface CompletionMark {
  /** `FsBackend`'s version of the object: inode, size, time. */
  readonly version: string;
  /** Name, within the upload's folder, of the file that is moved to the key. */
  readonly file: string;
}

const uploadIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is in a folder; nothing when there is none. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** The folder of one upload: `upload.json`, `data`, parts and their records, and at the end `completed.json`. */
export class UploadFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Where parts with a known offset are written. */
  get dataPath(): string {
    return join(this.path, 'data');
  }

  /** Begins an upload. */
  static async create(root: FsRoot, key: string): Promise<UploadHandle> {
    const path = await root.newStagingPath('');
    await mkdir(path);
    try {
      await writeFile(join(path, 'upload.json'), JSON.stringify({ key }));
    } catch (error) {
      await rm(path, { recursive: true, force: true });
      throw error;
    }
    return { key, uploadId: basename(path) };
  }

  /** The folder of an upload of this key, or `undefined` when there is none (any more). */
  static async find(root: FsRoot, upload: UploadHandle): Promise<UploadFolder | undefined> {
    root.pathOf(upload.key);
    // Ids come back from outside: anything else could lead to another folder.
    if (!uploadIdForm.test(upload.uploadId)) return undefined;
    const folder = new UploadFolder(join(root.staging, upload.uploadId));
    const about = await folder.#readJson<{ readonly key: string }>('upload.json');
    return about?.key === upload.key ? folder : undefined;
  }

  /** The uploads of a key that are neither completed nor given up. */
  static async findAll(root: FsRoot, key: string): Promise<readonly UploadHandle[]> {
    const found: UploadHandle[] = [];
    for (const uploadId of await namesIn(root.staging)) {
      const folder = await UploadFolder.find(root, { key, uploadId });
      if ((await folder?.isOpen()) === true) found.push({ key, uploadId });
    }
    return found;
  }

  /** How it was completed, or `undefined` while it was not. */
  async completion(): Promise<CompletionMark | undefined> {
    return await this.#readJson<CompletionMark>('completed.json');
  }

  /** Notes, durably, which file is about to be moved to the key. */
  async markCompletion(mark: CompletionMark): Promise<void> {
    await writeFileAtomic(join(this.path, 'completed.json'), JSON.stringify(mark));
  }

  /** Whether the file of a completion still waits to be moved. */
  async holds(mark: CompletionMark): Promise<boolean> {
    try {
      return (await lstat(join(this.path, mark.file))).isFile();
    } catch (error) {
      if (isErrorWithCode(error, 'ENOENT')) return false;
      throw error;
    }
  }

  /** Whether parts may still be sent. */
  async isOpen(): Promise<boolean> {
    return (await this.completion()) === undefined;
  }

  /** Removes everything. A part that is being written fails, since the folder is first moved away. */
  async remove(): Promise<void> {
    const dead = `${this.path}.dead`;
    try {
      await rename(this.path, dead);
    } catch (error) {
      if (!isErrorWithCode(error, 'ENOENT')) throw error;
    }
    await rm(dead, { recursive: true, force: true });
  }

  /** A small file's JSON, or `undefined` when it is not there or was cut short by a crash. */
  async #readJson<Content>(name: string): Promise<Content | undefined> {
    try {
      return JSON.parse(await readFile(join(this.path, name), 'utf8')) as Content;
    } catch (error) {
      if (error instanceof SyntaxError || isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw error;
    }
  }
}
