import { constants, writeSync } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { NoSpaceError } from '@buildstate/core/light';
import { isErrorWithCode, syncFolder } from '@buildstate/node-runtime';
import {
  type DownloadNames,
  type DownloadSubject,
  type FoundJournal,
  isOwn,
  Journal,
  newNames,
} from './journal.ts';
import { type ByteRange, mergeRanges } from './pieces.ts';
import { isLinkless, prepareTarget, taken, writeError } from './target.ts';

const noFollow = constants.O_NOFOLLOW ?? 0;
const createOnly = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | noFollow;
const existing = constants.O_RDWR | noFollow;

/** Larger writes cost ext4 several times the system time per byte. */
const writeBytes = 256 * 1024;

/**
 * The file of a download until its bytes have been proved: beside the target under another name, with a journal, so
 * that another process can go on with it. It is sparse: ranges are written where they belong, in any order.
 */
export class PartFile {
  /** For reading back what was written. Valid until `commit`, `keep` or `discard`. */
  readonly handle: FileHandle;
  /** What was in the file when it was opened. */
  readonly present: readonly ByteRange[];
  readonly #target: string;
  readonly #names: DownloadNames;
  readonly #journal: Journal;
  #written = 0;

  private constructor(
    target: string,
    names: DownloadNames,
    journal: Journal,
    handle: FileHandle,
    present: readonly ByteRange[],
  ) {
    this.#target = target;
    this.#names = names;
    this.#journal = journal;
    this.handle = handle;
    this.present = present;
  }

  /** Makes a new one beside the target. Never one that exists, and never through a link. @throws NoSpaceError */
  static async create(target: string, subject: DownloadSubject): Promise<PartFile> {
    const names = newNames(target);
    try {
      const journal = await Journal.create(names.journal, subject, []);
      try {
        const handle = await open(names.part, createOnly, 0o666);
        const file = new PartFile(target, names, journal, handle, []);
        await handle.truncate(subject.sizeBytes).catch(async (error: unknown) => {
          await file.discard();
          throw error;
        });
        return file;
      } catch (error) {
        await journal.remove();
        throw error;
      }
    } catch (error) {
      throw writeError(error, target, 0);
    }
  }

  /**
   * Takes over what another download left. The journal in this process's name is there before the file is renamed to
   * go with it, and of several processes that rename one file only one succeeds.
   * Answers `undefined` when somebody else was faster.
   */
  static async adopt(
    target: string,
    subject: DownloadSubject,
    found: FoundJournal,
  ): Promise<PartFile | undefined> {
    const names = newNames(target);
    const present = mergeRanges(found.ranges, subject.sizeBytes);
    const journal = await Journal.create(names.journal, subject, present);
    let handle: FileHandle | undefined;
    try {
      await rename(found.partPath, names.part);
      await rm(found.path, { force: true });
      handle = await open(names.part, existing);
      const stats = await handle.stat();
      if (stats.isFile() && isOwn(stats) && stats.size === subject.sizeBytes)
        return new PartFile(target, names, journal, handle, present);
    } catch (error) {
      await handle?.close();
      await rm(names.part, { force: true });
      await journal.remove();
      if (isErrorWithCode(error, 'ENOENT', 'ELOOP')) return undefined;
      throw error;
    }
    // It changed between the look and the taking, so it is nothing that was left by us.
    await handle.close();
    await rm(names.part, { force: true });
    await journal.remove();
    return undefined;
  }

  /** Where it is until it is at its target. */
  get path(): string {
    return this.#names.part;
  }

  /** Writes all of a chunk. The chunk may be used for other bytes afterwards. @throws NoSpaceError, LimitError */
  write(chunk: Uint8Array, position: number): void {
    try {
      for (let done = 0; done < chunk.length; ) {
        const length = Math.min(writeBytes, chunk.length - done);
        done += writeSync(this.handle.fd, chunk, done, length, position + done);
      }
      this.#written += chunk.length;
    } catch (error) {
      throw writeError(error, this.#target, this.#written);
    }
  }

  /** Notes for whoever goes on that a range is in the file. @throws NoSpaceError */
  note(range: ByteRange): void {
    try {
      this.#journal.note(range);
    } catch (error) {
      throw writeError(error, this.#target, this.#written);
    }
  }

  /**
   * Puts the file at its target, so that it survives a crash: fsync, rename, fsync of the folder.
   * @throws AlreadyExistsError when a file appeared there meanwhile that must stay
   */
  async commit(overwrite: boolean): Promise<void> {
    await this.handle.sync().catch((error: unknown) => {
      throw writeError(error, this.#target, this.#written);
    });
    await this.handle.close();
    if (overwrite) await rename(this.#names.part, this.#target);
    else await this.#placeNew();
    await syncFolder(dirname(this.#target));
  }

  /** Leaves the file, which holds these ranges, beside the target for whoever goes on. */
  async keep(present: readonly ByteRange[] = this.present): Promise<void> {
    await this.handle.close();
    try {
      await this.#journal.release(present);
    } catch (error) {
      // A journal that cannot be written is of no use, and neither is the file then.
      if (!(writeError(error, this.#target, 0) instanceof NoSpaceError)) throw error;
      await this.discard();
    }
  }

  /** Closes and removes what is left beside the target, also after `commit`. */
  async discard(): Promise<void> {
    await this.handle.close();
    await rm(this.#names.part, { force: true });
    await this.#journal.remove();
  }

  /** A link fails where a rename would silently replace; file systems without links have only the rename. */
  async #placeNew(): Promise<void> {
    try {
      await link(this.#names.part, this.#target);
    } catch (error) {
      if (isErrorWithCode(error, 'EEXIST')) throw taken(this.#target, error);
      if (!isLinkless(error)) throw error;
      await prepareTarget(this.#target, false);
      await rename(this.#names.part, this.#target);
    }
  }
}
