import { hash } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { safeSegment } from '@buildstate/core/light';
import { isErrorWithCode, makePrivateFolder, writeFileAtomic } from '@buildstate/node-runtime';
import { parseSpooled, type RejectedFile, type SpooledFile } from './spooled-file.ts';

/** A name that is readable and that no other text gives. */
function fileNameOf(text: string): string {
  return `${safeSegment(text).slice(0, 60)}-${hash('sha256', text).slice(0, 12)}`;
}

/**
 * What is in a folder. One that is not there, or that this user may not read, holds nothing of this user's: reports
 * are written for their owner alone. That it cannot be used is said when a report must be kept.
 */
async function entries(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return [];
    throw error;
  }
}

/** The text of a file, or `undefined` when it is gone: another process has delivered it. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const waitingName = /^(\d{10})-(.+)\.json$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=-)/;

/** A report that waits: a file whose name tells its place in the queue and its build. */
export interface WaitingFile {
  /** Name of the file. */
  readonly name: string;
  /** What its build was called, as far as a file's name can hold it. */
  readonly buildKey: string;
}

/**
 * Whether two reports may be about one build. Only two full ids are known to be different builds: a number or a
 * prefix may name the same one as an id does, and order must be kept then.
 */
export function mayBeSameBuild(a: string, b: string): boolean {
  const first = uuid.exec(a)?.[0];
  const second = uuid.exec(b)?.[0];
  return first === undefined || second === undefined || first === second;
}

/** The key by which a build is told in file names. */
export function buildKeyOf(build: string): string {
  return fileNameOf(build.toLowerCase());
}

/**
 * What one tracker has not received, in one folder: `waiting` holds a file per report, whose names ascend in the
 * order in which they were made; `rejected` those that it refused. Everything is for its owner alone.
 */
export class SpoolFolder {
  /** The lock that whoever delivers holds. */
  readonly lock: string;
  /** Where processes of this machine note which leases they hold. */
  readonly leases: string;
  readonly #waiting: string;
  readonly #rejected: string;

  /**
   * @param spoolFolder the folder of all trackers; made when the first report is written
   * @param uri the tracker's, without credentials
   */
  constructor(spoolFolder: string, uri: string) {
    const folder = join(spoolFolder, fileNameOf(uri));
    this.lock = join(folder, 'deliver.lock');
    this.leases = join(folder, 'leases');
    this.#waiting = join(folder, 'waiting');
    this.#rejected = join(folder, 'rejected');
  }

  /** What waits, the oldest first. */
  async waiting(): Promise<WaitingFile[]> {
    return (await entries(this.#waiting)).flatMap((name) => {
      const buildKey = waitingName.exec(name)?.[2];
      return buildKey === undefined ? [] : [{ name, buildKey }];
    });
  }

  /** What a file holds; `unreadable` when it is not one of ours; `undefined` when it is gone. */
  async read(name: string): Promise<SpooledFile | 'unreadable' | undefined> {
    const text = await textOf(join(this.#waiting, name));
    return text === undefined ? undefined : (parseSpooled(text) ?? 'unreadable');
  }

  /** Puts a report behind the others, so that it survives a crash of the machine. */
  async append(file: SpooledFile): Promise<void> {
    await makePrivateFolder(this.#waiting);
    const text = `${JSON.stringify(file)}\n`;
    for (;;) {
      const last = (await this.waiting()).at(-1)?.name ?? '0';
      const number = String(Number.parseInt(last, 10) + 1).padStart(10, '0');
      const path = join(this.#waiting, `${number}-${buildKeyOf(file.build)}.json`);
      try {
        await writeFileAtomic(path, text, { mode: 0o600, ifAbsent: true });
        return;
      } catch (error) {
        // Another process was faster with a report of the same build: this one comes behind it.
        if (!isErrorWithCode(error, 'EEXIST')) throw error;
      }
    }
  }

  /** Removes a file that was delivered or refused. */
  async remove(name: string): Promise<void> {
    await rm(join(this.#waiting, name), { force: true });
  }

  /** Puts a file that is no report where it is in nobody's way. */
  async setAside(name: string): Promise<void> {
    await makePrivateFolder(this.#rejected);
    await rename(join(this.#waiting, name), join(this.#rejected, `${name}.unreadable`));
  }

  /** Keeps a refused report with its reason. */
  async reject(file: RejectedFile): Promise<void> {
    await makePrivateFolder(this.#rejected);
    const path = this.#rejectedPath(file.body.eventId);
    await writeFileAtomic(path, `${JSON.stringify(file)}\n`, { mode: 0o600 });
  }

  /** What was refused, the oldest first. */
  async rejected(): Promise<RejectedFile[]> {
    const names = (await entries(this.#rejected)).filter((name) => name.endsWith('.json'));
    const texts = await Promise.all(names.map((name) => textOf(join(this.#rejected, name))));
    const files = texts.flatMap((text) => (text === undefined ? [] : (parseSpooled(text) ?? [])));
    return (files as RejectedFile[]).toSorted((a, b) => (a.rejectedAt < b.rejectedAt ? -1 : 1));
  }

  /** Forgets a refused report; answers whether there was one. */
  async dismiss(eventId: string): Promise<boolean> {
    const path = this.#rejectedPath(eventId);
    if ((await textOf(path)) === undefined) return false;
    await rm(path, { force: true });
    return true;
  }

  #rejectedPath(eventId: string): string {
    // The id comes from the caller and must not become a path.
    return join(this.#rejected, `${fileNameOf(eventId)}.json`);
  }
}
