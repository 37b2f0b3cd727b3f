import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { journalPath } from '../../src/journal/journal-folder.ts';
import { UploadJournal } from '../../src/journal/upload-journal.ts';
import { uploadFile } from '../../src/upload/upload-file.ts';
import { fakeBackend } from '../fake-backend.ts';
import { crypto } from '../tools.ts';

/** One upload that dies once and is then gone on with. */
export interface Crash {
  /** Empty folder. */
  readonly folder: string;
  /** File that is uploaded. */
  readonly path: string;
  /** Bytes of it. */
  readonly bytes: Buffer;
  readonly partBytes: number;
  readonly concurrency: number;
  /** Dies when the store has received so many bytes. A part that is whole by then is stored, and not acknowledged. */
  readonly at: number;
}

/** What came of it. */
export interface CrashOutcome {
  readonly sha256: string;
  readonly sameBytes: boolean;
  /** Bytes that were received twice. */
  readonly repeatedBytes: number;
  /** Uploads that are open at the end. */
  readonly orphans: number;
}

const died = new Error('The process died.');

/** What a file holds, or nothing when it is not there. */
function snapshot(path: string): string | undefined {
  return readFileSync(path, { encoding: 'utf8', flag: 'a+' }) || undefined;
}

function restore(path: string, text: string | undefined): void {
  if (text === undefined) rmSync(path, { force: true });
  else writeFileSync(path, text);
}

/**
 * Simulates the death of a process in the middle of an upload: from that moment on nothing that it does reaches the
 * store, and its journal is what it was at that moment. Then another process uploads the same.
 */
export async function crashAtByte(crash: Crash): Promise<CrashOutcome> {
  const { folder, path, bytes, partBytes, concurrency, at } = crash;
  mkdirSync(folder, { recursive: true });
  const journalFile = journalPath(folder, ['upload']);
  let received = 0;
  let dead = false;
  let alive = true;
  let text: string | undefined;
  const lastWhole = new Set<number>();
  const die = (): never => {
    if (!dead) text = snapshot(journalFile);
    dead = true;
    throw died;
  };
  const beAlive = () => {
    if (alive && dead) throw died;
  };
  const backend = fakeBackend(
    {
      onPart({ number, bytes: { length } }) {
        beAlive();
        const left = at - received;
        if (alive && left < length) {
          received = at;
          die();
        }
        received += length;
        if (alive && left === length) lastWhole.add(number);
      },
      onPartStored({ number }) {
        beAlive();
        if (alive && lastWhole.has(number)) die();
      },
      onAbort: beAlive,
      onComplete: beAlive,
      onList: beAlive,
    },
    { maxPutBytes: 1 },
  );
  const upload = async () => {
    const journal = await UploadJournal.open(journalFile);
    try {
      const source = { path };
      return await uploadFile({
        backend,
        key: 'key',
        source,
        crypto,
        partBytes,
        concurrency,
        journal,
        ownKey: true,
      });
    } finally {
      await journal.close();
    }
  };
  const outcome = await upload().then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome !== died) throw new Error(`It did not die at byte ${at}.`, { cause: outcome });
  restore(journalFile, text);
  alive = false;
  const { sha256 } = await upload();
  return {
    sha256,
    sameBytes: backend.objects.get('key')?.equals(bytes) ?? false,
    repeatedBytes: received - bytes.length,
    orphans: backend.open.size,
  };
}
