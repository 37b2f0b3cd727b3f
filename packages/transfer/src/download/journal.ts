import { hash, randomUUID } from 'node:crypto';
import { constants, writeSync } from 'node:fs';
import { type FileHandle, lstat, open, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { HolderIdentity } from '@buildstate/core';
import { currentIdentity } from '@buildstate/node-runtime';
import type { ByteRange } from './pieces.ts';

/** What a file that is being downloaded will hold. Nothing is taken over unless all of it agrees. */
export interface DownloadSubject {
  /** Where the object is: the backend's URI and the key. */
  readonly object: string;
  /** The one version that bytes are taken from. */
  readonly version: string;
  /** Size in bytes. */
  readonly sizeBytes: number;
  /** The SHA-256 that is expected; without one, a download cannot be continued. */
  readonly sha256?: string;
}

/** A journal as it is found in a folder. */
export interface FoundJournal {
  readonly path: string;
  /** The file with the bytes. */
  readonly partPath: string;
  /** Whether it belongs to the target that was asked about. */
  readonly sameTarget: boolean;
  readonly subject: DownloadSubject;
  /** The process that writes it; `null` when that one has let go of it. */
  readonly holder: HolderIdentity | null;
  /** The ranges that are in the file. */
  readonly ranges: readonly ByteRange[];
  /** Milliseconds since the epoch when it was last written. */
  readonly writtenAt: number;
}

const createOnly = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;
const noFollow = constants.O_NOFOLLOW ?? 0;
const released = '"released"';

/** Targets are told apart by their names, which may be as long as a name can be and are therefore hashed. */
function tagOf(target: string): string {
  return hash('sha256', basename(target), 'hex').slice(0, 16);
}

/** The names of a download's two files: its journal, and the file that becomes the target. */
export interface DownloadNames {
  readonly journal: string;
  readonly part: string;
}

/** Fresh names beside the target, which nobody else uses. */
export function newNames(target: string): DownloadNames {
  const stem = join(dirname(target), `.bldst-${tagOf(target)}-${randomUUID()}`);
  return { journal: `${stem}.json`, part: `${stem}.part` };
}

const journalName = /^\.bldst-([0-9a-f]{16})-[0-9a-f-]{36}\.json$/;

/** Whether a name is that of a download's journal. */
export function isJournalName(name: string): boolean {
  return journalName.test(name);
}

/** In a folder that others can write to, a journal may be a trap. Only what this user made is believed. */
export function isOwn({ uid, nlink }: { readonly uid: number; readonly nlink: number }): boolean {
  return nlink === 1 && (process.getuid === undefined || uid === process.getuid());
}

function lineOf({ start, end }: ByteRange): string {
  return `[${start},${end}]`;
}

function rangesOf(lines: readonly string[]): readonly ByteRange[] {
  return lines.flatMap((line) => {
    const [, start, end] = /^\[(\d+),(\d+)\]$/.exec(line) ?? [];
    return start === undefined ? [] : [{ start: Number(start), end: Number(end) }];
  });
}

type Header = Pick<FoundJournal, 'subject' | 'holder'>;

/** What is made of a first line that is not whole: a download of nothing, by somebody who cannot be asked about. */
const unknownHeader: Header = { subject: { object: '', version: '', sizeBytes: -1 }, holder: { host: '' } };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parseHeader(line: string): Header {
  try {
    const header: unknown = JSON.parse(line);
    if (!isObject(header) || !isObject(header.subject)) return unknownHeader;
    if (header.holder !== null && !isObject(header.holder)) return unknownHeader;
    return header as unknown as Header;
  } catch (error) {
    if (error instanceof SyntaxError) return unknownHeader;
    throw error;
  }
}

/**
 * Reads a journal. Answers `undefined` for one that somebody else made.
 * @throws the system's error, `ENOENT` when it has gone meanwhile
 */
export async function readJournal(path: string, target: string): Promise<FoundJournal | undefined> {
  const stats = await lstat(path);
  if (!stats.isFile() || !isOwn(stats)) return undefined;
  // The last line has no line feed when its writer was stopped in the middle of it.
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  const header = parseHeader(lines[0] ?? '');
  return {
    path,
    partPath: path.replace(/\.json$/, '.part'),
    sameTarget: journalName.exec(basename(path))?.[1] === tagOf(target),
    subject: header.subject,
    holder: lines.includes(released) ? null : header.holder,
    ranges: rangesOf(lines),
    writtenAt: stats.mtimeMs,
  };
}

/**
 * The record of a download, beside its file: what it is of, who makes it, and which ranges are in the file. Lines are
 * only added. It is not synced: after a crash of the machine it may say more than the disk holds, which the SHA-256 of
 * the whole file brings to light.
 */
export class Journal {
  readonly path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Begins a journal in the name of this process. Never one that exists, and never through a link. */
  static async create(
    path: string,
    subject: DownloadSubject,
    ranges: readonly ByteRange[],
  ): Promise<Journal> {
    const journal = new Journal(path, await open(path, createOnly | noFollow, 0o600));
    try {
      const holder = currentIdentity();
      journal.#add(JSON.stringify({ subject, holder }), ...ranges.map(lineOf));
      return journal;
    } catch (error) {
      await journal.remove();
      throw error;
    }
  }

  /** Notes that a range is in the file. */
  note(range: ByteRange): void {
    this.#add(lineOf(range));
  }

  /** Notes what is in the file and lets go of it, so that whoever comes next can go on. The file must not be written to any more. */
  async release(present: readonly ByteRange[]): Promise<void> {
    this.#add(...present.map(lineOf), released);
    await this.#handle.close();
  }

  /** Closes and removes it. May be called again. */
  async remove(): Promise<void> {
    await this.#handle.close();
    await rm(this.path, { force: true });
  }

  #add(...lines: readonly string[]): void {
    writeSync(this.#handle.fd, `${lines.join('\n')}\n`);
  }
}
