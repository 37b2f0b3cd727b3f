import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StateStore } from '@buildstate/core';
import { canonicalJson, toWire } from '@buildstate/core/light';
import { spaceErrorOf, syncFolder } from '@buildstate/node-runtime';
import { formatName, formatVersion } from './archive-format.ts';
import { type Compression, compressionOf, compressor } from './compression.ts';
import type { OnProgress } from './progress.ts';
import { counting, noRecords, type RecordCounts } from './record.ts';
import { storeRecords } from './store-records.ts';
import { textOf } from './wire-form.ts';

/** What an archive holds, as its last line says. */
export interface ArchiveSummary {
  /** How many there are of each. */
  readonly counts: RecordCounts;
  /** SHA-256 of all lines before the last one, hexadecimal. */
  readonly sha256: string;
}

/** How an archive is written. */
export interface WriteOptions {
  /** Is told after every record. */
  readonly onProgress?: OnProgress | undefined;
}

/** The lines of an archive. Nothing but what is kept decides what they are: no time, no name of a machine. */
async function* archiveLines(
  store: StateStore,
  done: (summary: ArchiveSummary) => void,
  { onProgress }: WriteOptions,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const line = (text: string, hashed = true) => {
    const bytes = Buffer.from(`${text}\n`);
    if (hashed) hash.update(bytes);
    return bytes;
  };
  yield line(canonicalJson({ type: 'header', format: formatName, format_version: formatVersion }));
  let counts = noRecords;
  let records = 0;
  for await (const record of storeRecords(store)) {
    counts = counting(counts, record);
    yield line(textOf(record));
    records += 1;
    onProgress?.({ records });
  }
  const sha256 = hash.digest('hex');
  yield line(canonicalJson({ type: 'trailer', counts: toWire(counts) as never, sha256 }), false);
  done({ counts, sha256 });
}

/**
 * Writes everything that a store keeps to a stream, one record at a time: memory is needed for the largest build, not
 * for all of them. Ends the stream.
 */
export async function writeArchive(
  store: StateStore,
  target: Writable,
  compression: Compression,
  options: WriteOptions = {},
): Promise<ArchiveSummary> {
  let summary: ArchiveSummary | undefined;
  const lines = archiveLines(
    store,
    (found) => {
      summary = found;
    },
    options,
  );
  await pipeline(Readable.from(lines, { objectMode: false }), compressor(compression), target);
  return summary as ArchiveSummary;
}

/**
 * Writes everything that a store keeps to a file that only its owner can read; its name says how it is compressed. The
 * file is there when it is complete and on disk, and not before.
 * @throws NoSpaceError on a full disk
 */
export async function writeArchiveFile(
  store: StateStore,
  path: string,
  options: WriteOptions = {},
): Promise<ArchiveSummary> {
  const temporary = join(dirname(path), `.bldst-${randomUUID()}.tmp`);
  try {
    const target = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true });
    const summary = await writeArchive(store, target, compressionOf(path), options);
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return summary;
  } catch (error) {
    throw spaceErrorOf(error, path) ?? error;
  } finally {
    await rm(temporary, { force: true });
  }
}
