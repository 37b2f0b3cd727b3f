import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HolderIdentity, Logger } from '@buildstate/core';
import {
  currentIdentity,
  holderGone,
  isErrorWithCode,
  makePrivateFolder,
  writeFileAtomic,
} from '@buildstate/node-runtime';

/** A lease that a process of this machine held or holds. */
export interface LeaseNote {
  /** UUID of the build. */
  readonly buildId: string;
  /** Its fencing token. */
  readonly token: number;
  /** How long it lives without renewal, in seconds. */
  readonly ttlSeconds: number;
  /** The process. */
  readonly identity: HolderIdentity;
}

/** What notes are kept with. */
export interface LeaseNotesParts {
  /** Where: one file for each lease. */
  readonly folder: string;
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number;
  /** Told of notes that cannot be written: leases then only end by time. */
  readonly logger: Logger;
  /** Whether a process is certainly gone. */
  readonly gone?: (holder: HolderIdentity) => boolean;
}

function parse(text: string): LeaseNote | undefined {
  try {
    const { buildId, token, ttlSeconds, identity } = JSON.parse(text) as Partial<LeaseNote>;
    const whole = typeof buildId === 'string' && typeof token === 'number' && typeof ttlSeconds === 'number';
    return whole && identity ? { buildId, token, ttlSeconds, identity } : undefined;
  } catch (error) {
    // Files appear whole: somebody else wrote this one.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Which leases of a tracker the processes of this machine hold, so that one of them that looks for work can say what
 * another has left that was killed. Only hints: the tracker compares the token. A note that is missing costs the wait
 * until the lease expires.
 */
export class LeaseNotes {
  readonly #parts: Required<LeaseNotesParts>;
  /** When a holder was first seen to be gone. */
  readonly #goneSince = new Map<string, number>();

  constructor(parts: LeaseNotesParts) {
    this.#parts = { gone: holderGone, ...parts };
  }

  /** Notes that this process holds a lease. */
  async add(lease: Omit<LeaseNote, 'identity'>): Promise<void> {
    const { buildId, token, ttlSeconds } = lease;
    const note: LeaseNote = { buildId, token, ttlSeconds, identity: currentIdentity() };
    const { folder } = this.#parts;
    await this.#quietly(async () => {
      await makePrivateFolder(folder);
      await writeFileAtomic(this.#path(lease), `${JSON.stringify(note)}\n`, { mode: 0o600 });
    });
  }

  /** Forgets a lease that was given up or lost. */
  async remove(lease: Pick<LeaseNote, 'buildId' | 'token'>): Promise<void> {
    await this.#quietly(() => rm(this.#path(lease), { force: true }));
  }

  /** The leases of processes that are gone. Those that have expired by now are forgotten. */
  async gone(): Promise<readonly LeaseNote[]> {
    const found: LeaseNote[] = [];
    await this.#quietly(async () => {
      for (const note of await this.#all()) {
        if (!this.#parts.gone(note.identity)) continue;
        if (this.#isOver(note)) await this.remove(note);
        else found.push(note);
      }
    });
    return found;
  }

  /** Nobody has renewed it for its time to live since its holder was seen to be gone. */
  #isOver(note: LeaseNote): boolean {
    const path = this.#path(note);
    const now = this.#parts.monotonic();
    const since = this.#goneSince.get(path) ?? now;
    this.#goneSince.set(path, since);
    if (now < since + note.ttlSeconds * 1000) return false;
    this.#goneSince.delete(path);
    return true;
  }

  async #all(): Promise<readonly LeaseNote[]> {
    const { folder } = this.#parts;
    const names = await ifThere(() => readdir(folder));
    const texts = await Promise.all(
      (names ?? [])
        .filter((name) => name.endsWith('.json'))
        .map((name) => ifThere(() => readFile(join(folder, name), 'utf8'))),
    );
    return texts.flatMap((text) => (text === undefined ? [] : (parse(text) ?? [])));
  }

  #path({ buildId, token }: Pick<LeaseNote, 'buildId' | 'token'>): string {
    return join(this.#parts.folder, `${buildId.replaceAll(/[^0-9a-z-]/gi, '_')}.${token}.json`);
  }

  /** A disk that is full or read-only must not keep anybody from working. */
  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { folder, logger } = this.#parts;
      logger.debug({ folder, reason: String(error) }, 'leases of this machine could not be noted');
    }
  }
}

async function ifThere<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
