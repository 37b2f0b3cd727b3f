import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, HolderIdentity } from '@buildstate/core';
import { safeSegment } from '@buildstate/core/light';
import {
  currentIdentity,
  errorCode,
  holderGone,
  isErrorWithCode,
  processFacts,
} from '@buildstate/node-runtime';
import { isGroupAlive, signalGroup } from './process-group.ts';

/** How long a command that was left over may clean up; its guard allows it five seconds. */
const cleanUpMilliseconds = 6000;

/** How long the system may take to end a process that was killed. */
const killMilliseconds = 2000;

const pollMilliseconds = 50;

/** What is noted of a running command: enough to find it again, and only it. */
type Note = HolderIdentity & { readonly pid: number };

/** Everything that is kept about the commands of a build begins so. */
function prefixOf(build: string): string {
  return `${safeSegment(build)}.`;
}

function notePath(folder: string, build: string): string {
  return join(folder, `${prefixOf(build)}json`);
}

/**
 * A folder of its own for what a command of a build exchanges with the process that watches over it. One that a
 * killed worker could not remove goes when the build is taken over; where nothing can be written, the system's
 * folder for temporary files has to do.
 */
export function exchangeFolder(folder: string, build: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return mkdtempSync(join(folder, prefixOf(build)));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return mkdtempSync(join(tmpdir(), 'bldst-step-'));
  }
}

/** Removes what workers of a build have left behind. */
function removeTraces(folder: string, build: string): void {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder).filter((name) => name.startsWith(prefixOf(build)));
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
}

function readNote(path: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Note;
  } catch (error) {
    // Not there, or cut short by a crash of the machine, which has ended the command as well.
    if (isErrorWithCode(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Notes that a command of a build runs, so that whoever takes the build over on this machine knows. Written at once,
 * since what is noted late may never be noted.
 * @param folder where notes are kept, made when it is not there
 * @returns removes the note
 */
export function noteRunning(folder: string, build: string, pid: number): () => void {
  const path = notePath(folder, build);
  const note: Note = { ...currentIdentity(), pid, processStartedAt: processFacts(pid)?.startedAt };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path, JSON.stringify(note), { mode: 0o600 });
  return () => rmSync(path, { force: true });
}

/** Whether the note is about a process of this machine at all: process ids mean nothing elsewhere. */
function isHere({ bootId, pidNamespace }: Note): boolean {
  const here = currentIdentity();
  return bootId !== undefined && bootId === here.bootId && pidNamespace === here.pidNamespace;
}

/** How waiting is done. */
export interface Waiting {
  /** Time. */
  readonly clock: Clock;
  /** Ends the waiting early. */
  readonly signal: AbortSignal;
  /** Called once when there is something to wait for. */
  readonly told: () => void;
}

async function waitForEnd(pid: number, milliseconds: number, { clock, signal }: Waiting): Promise<void> {
  const deadline = clock.monotonic() + milliseconds;
  while (isGroupAlive(pid) && clock.monotonic() < deadline) await clock.sleep(pollMilliseconds, signal);
}

/**
 * Waits until the command of a worker that was killed has ended, and ends it when it takes too long: two commands
 * that write the same files at the same time would make something that nobody wants to resume from.
 * @throws the signal's reason when it aborts first
 */
export async function endLeftOver(folder: string, build: string, waiting: Waiting): Promise<void> {
  const note = readNote(notePath(folder, build));
  if (note !== undefined && isHere(note) && isGroupAlive(note.pid)) {
    waiting.told();
    await waitForEnd(note.pid, cleanUpMilliseconds, waiting);
    // Only where the leader is there to prove that the group is the one that was noted.
    if (!holderGone(note) && signalGroup(note.pid, 'SIGKILL'))
      await waitForEnd(note.pid, killMilliseconds, waiting);
  }
  removeTraces(folder, build);
}
