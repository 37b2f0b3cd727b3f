import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import type { Logger, UploadHandle } from '@buildstate/core';
import { silentLogger } from '@buildstate/core/light';
import { isErrorWithCode, spaceErrorOf, writeFileAtomic } from '@buildstate/node-runtime';
import {
  type JournalLine,
  type JournalState,
  type NotedIntent,
  type NotedPart,
  type NotedWhole,
  parseJournal,
} from './journal-state.ts';

/** What is in the file at a path, or `undefined` when there is none. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Text of a journal as far as it can be read again: without the line that a crash cut short. */
function wholeLines(state: JournalState): readonly JournalLine[] {
  const { intent, upload, parts, whole } = state;
  return [
    { version: 1, intent },
    ...(upload === undefined ? [] : [{ upload }]),
    ...[...parts.values()].map((part) => ({ part })),
    ...(whole === undefined ? [] : [{ whole }]),
  ];
}

function textOf(lines: readonly JournalLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/**
 * What one upload has reached, in a file of JSON lines that only its owner can read, so that another process can go
 * on after this one was killed. Whoever opens a journal holds its lock; see `withUploadJournal`.
 *
 * What must not be forgotten (that an upload is about to begin, its handle, that it is about to be completed) is on
 * the disk before the next step. Acknowledged parts are handed to the system alone: that survives the death of the
 * process, and what a power failure takes is sent again.
 *
 * A journal that cannot be written, such as on a full disk, is no reason to fail an upload that gets on: that is said
 * once, and nothing more is noted.
 */
export class UploadJournal {
  readonly #path: string;
  readonly #logger: Logger;
  #state: JournalState | undefined;
  #parts = new Map<number, NotedPart>();
  #broken = false;
  #handle: FileHandle | undefined;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, state: JournalState | undefined, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
    this.#take(state);
  }

  /** Reads what an earlier process left at this path. Something that is no journal counts as nothing. */
  static async open(path: string, logger: Logger = silentLogger): Promise<UploadJournal> {
    const text = await readIfThere(path);
    return new UploadJournal(path, text === undefined ? undefined : parseJournal(text), logger);
  }

  /** What an earlier upload has reached, or `undefined` when there was none. Changes with what is noted. */
  get state(): JournalState | undefined {
    return this.#state;
  }

  /**
   * Notes, durably, that an upload is about to begin, and then once more which one the store has begun. Forgets what
   * was noted before.
   */
  async begin(intent: NotedIntent, upload?: UploadHandle): Promise<void> {
    await this.#restart({ intent, parts: new Map(), ...(upload !== undefined && { upload }) });
  }

  /** Drops parts that the store does not have, so that they are not looked for again. */
  async keepParts(parts: ReadonlyMap<number, NotedPart>): Promise<void> {
    const { intent, upload } = this.#known();
    await this.#restart({ intent, parts, ...(upload !== undefined && { upload }) });
  }

  /** Notes a part that the store has acknowledged. */
  async notePart(part: NotedPart): Promise<void> {
    await this.#append({ part }, false);
    this.#parts.set(part.number, part);
  }

  /** Notes, durably, that all parts are stored and the upload is about to be completed. */
  async noteWhole(whole: NotedWhole): Promise<void> {
    await this.#append({ whole }, true);
    this.#state = { ...this.#known(), whole };
  }

  /** Removes the file: its upload needs nobody to go on with it, nor to give it up. */
  async forget(): Promise<void> {
    await this.close();
    await rm(this.#path, { force: true });
    this.#state = undefined;
  }

  /** Frees the file. What was noted stays. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  #take(state: JournalState | undefined): void {
    this.#parts = new Map(state?.parts);
    this.#state = state && { ...state, parts: this.#parts };
  }

  #known(): JournalState {
    if (this.#state === undefined) throw new TypeError('Nothing was begun in this journal.');
    return this.#state;
  }

  /** Replaces the file, so that a line that was cut short is not continued by the next one. */
  async #restart(state: JournalState): Promise<void> {
    await this.close();
    this.#take(state);
    await this.#trying(() => writeFileAtomic(this.#path, textOf(wholeLines(state)), { mode: 0o600 }));
  }

  /** Lines are written one after the other: two at once could mix. */
  #append(line: JournalLine, durably: boolean): Promise<void> {
    this.#writing = this.#writing.then(() => this.#trying(() => this.#write(textOf([line]), durably)));
    return this.#writing;
  }

  async #write(text: string, durably: boolean): Promise<void> {
    this.#handle ??= await open(this.#path, constants.O_WRONLY | constants.O_APPEND);
    await this.#handle.appendFile(text);
    if (durably) await this.#handle.datasync();
  }

  async #trying(write: () => Promise<void>): Promise<void> {
    if (this.#broken) return;
    try {
      await write();
    } catch (error) {
      this.#broken = true;
      const facts = { err: spaceErrorOf(error, this.#path) ?? error, journal: this.#path };
      this.#logger.warn(facts, 'This upload cannot be noted: if it is interrupted, it begins anew.');
    }
  }
}
