import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AlreadyExistsError, LimitError, NoSpaceError, ValidationError } from '@buildstate/core/light';
import { isErrorWithCode, syncFolder } from '@buildstate/node-runtime';

const createOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

function taken(target: string, cause?: unknown): AlreadyExistsError {
  return new AlreadyExistsError(
    `${target} exists. Choose another place, or say that it may be overwritten.`,
    {
      cause,
      context: { path: target },
    },
  );
}

/**
 * Checks that a file may be made at the target, and makes the folder for it.
 * @throws AlreadyExistsError when there is one that must stay; ValidationError when it is a folder
 */
export async function prepareTarget(target: string, overwrite: boolean): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const stats = await lstat(target).catch((error: unknown) => {
    if (isErrorWithCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (stats?.isDirectory()) {
    const message = 'is a folder; name the file that is to be made';
    throw new ValidationError(`${target} ${message}.`, { problems: [{ path: 'target', message }] });
  }
  if (stats !== undefined && !overwrite) throw taken(target);
}

/** @throws NoSpaceError when the target's file system has fewer free bytes than needed */
export async function checkFreeSpace(target: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(target));
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  throw new NoSpaceError(
    `${dirname(target)} has ${freeBytes} bytes free, but ${neededBytes} are needed. Free some space, or choose another place.`,
    { context: { path: target, free_bytes: freeBytes, needed_bytes: neededBytes } },
  );
}

/** Turns the system's error into one that names the cause. */
function writeError(error: unknown, target: string, position: number): unknown {
  const context = { path: target, written_bytes: position };
  if (isErrorWithCode(error, 'ENOSPC', 'EDQUOT')) {
    const what = isErrorWithCode(error, 'EDQUOT') ? 'the quota is used up' : 'the disk is full';
    const message = `Writing ${target} stopped after ${position} bytes: ${what}. Nothing was left behind.`;
    return new NoSpaceError(message, { cause: error, context });
  }
  if (isErrorWithCode(error, 'EFBIG')) {
    return new LimitError(`${target} exceeds the largest file that its file system holds.`, {
      cause: error,
      context,
    });
  }
  return error;
}

/**
 * A file that appears at its target whole or not at all: it is written beside the target under another name,
 * and moved when its bytes have been proved.
 */
export class TargetFile {
  readonly #target: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  #written = 0;

  private constructor(target: string, temporary: string, handle: FileHandle) {
    this.#target = target;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /** Opens a new file beside the target. Never one that exists, and never through a link. */
  static async open(target: string): Promise<TargetFile> {
    // Not derived from the target's name, which may already be as long as a name can be.
    const temporary = join(dirname(target), `.bldst-${randomUUID()}.part`);
    try {
      return new TargetFile(target, temporary, await open(temporary, createOnly, 0o666));
    } catch (error) {
      throw writeError(error, target, 0);
    }
  }

  /** Writes all of a slice. @throws NoSpaceError */
  async write(slice: Uint8Array, position: number): Promise<void> {
    try {
      for (let done = 0; done < slice.length; ) {
        done += (await this.#handle.write(slice, done, slice.length - done, position + done)).bytesWritten;
      }
      this.#written = position + slice.length;
    } catch (error) {
      throw writeError(error, this.#target, this.#written);
    }
  }

  /**
   * Puts the file at its target, so that it survives a crash: fsync, rename, fsync of the folder.
   * @throws AlreadyExistsError when a file appeared there meanwhile that must stay
   */
  async commit(overwrite: boolean): Promise<void> {
    await this.#handle.sync().catch((error: unknown) => {
      throw writeError(error, this.#target, this.#written);
    });
    await this.#handle.close();
    if (overwrite) await rename(this.#temporary, this.#target);
    else await this.#placeNew();
    await syncFolder(dirname(this.#target));
  }

  /** Closes and removes what is left. Harmless after `commit`. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#temporary, { force: true });
  }

  /** A link fails where a rename would silently replace; file systems without links have only the rename. */
  async #placeNew(): Promise<void> {
    try {
      await link(this.#temporary, this.#target);
    } catch (error) {
      if (isErrorWithCode(error, 'EEXIST')) throw taken(this.#target, error);
      if (!isErrorWithCode(error, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK')) throw error;
      await prepareTarget(this.#target, false);
      await rename(this.#temporary, this.#target);
    }
  }
}
