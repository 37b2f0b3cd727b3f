import { join } from 'node:path';
import type { SqlStore } from '../../sql/sql-store.ts';
import type { ResolvedSqliteOptions } from '../options.ts';
import { fileStore } from '../sqlite-store.ts';
import { buildFileName } from './build-file-name.ts';
import { fileStamp } from './file-stamp.ts';

/** A single build is small: copying its log often costs little and keeps the file beside it short. */
const checkpointPages = 1000;

interface OpenFile {
  readonly store: SqlStore;
  readonly opened: Promise<void>;
  users: number;
}

/** The files of a folder's builds, of which the ones that were used last stay open. Each is a whole store. */
export class BuildFiles {
  readonly #folder: string;
  readonly #options: ResolvedSqliteOptions;
  /** The one that was used last is at the end. */
  readonly #open = new Map<string, OpenFile>();
  readonly #closing = new Set<Promise<void>>();

  constructor(folder: string, options: ResolvedSqliteOptions) {
    this.#folder = folder;
    // The folder as a whole has been looked at.
    this.#options = { ...options, checkpointPages, isNetworkFileSystem: () => false };
  }

  /** Where the build is kept. */
  path(id: string): string {
    return join(this.#folder, buildFileName(id));
  }

  /** How the build's file looks now; see `fileStamp`. */
  stamp(id: string): string | undefined {
    return fileStamp(this.path(id));
  }

  /** Does something with the build's file, which is made when it is missing. */
  async use<T>(id: string, work: (store: SqlStore) => Promise<T>): Promise<T> {
    const file = this.#open.get(id) ?? this.#openFile(id);
    this.#open.delete(id);
    this.#open.set(id, file);
    file.users += 1;
    try {
      await file.opened;
      return await work(file.store);
    } finally {
      file.users -= 1;
      this.#closeUnused();
    }
  }

  /** Waits for what is under way and closes all files. */
  async close(): Promise<void> {
    const files = [...this.#open.values()];
    this.#open.clear();
    await Promise.all([...this.#closing, ...files.map(({ store }) => store.close())]);
  }

  #openFile(id: string): OpenFile {
    const path = this.path(id);
    const store = fileStore(`sqlite://${path}`, path, this.#options);
    const file: OpenFile = { store, opened: store.open(), users: 0 };
    file.opened.catch(() => {
      // Whoever waits for it gets the error; the next one tries again.
      if (this.#open.get(id) === file) this.#open.delete(id);
    });
    return file;
  }

  #closeUnused(): void {
    for (const [id, { store, users }] of this.#open) {
      if (this.#open.size <= this.#options.openBuilds) return;
      if (users > 0) continue;
      this.#open.delete(id);
      const closing = store.close().finally(() => this.#closing.delete(closing));
      this.#closing.add(closing);
    }
  }
}
