import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import {
  BuildStateError,
  ConfigurationError,
  canonicalJson,
  IntegrityError,
  toWire,
} from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';
import { formatName, formatVersion, readVersions } from './archive-format.ts';
import { formProblem } from './check-form.ts';
import { compressionIn, decompressor } from './compression.ts';
import { linesOf } from './lines.ts';
import type { OnProgress } from './progress.ts';
import { counting, noRecords, type StoreRecord } from './record.ts';
import { recordFrom } from './wire-form.ts';
import type { ArchiveSummary } from './write-archive.ts';

/** Longest line, in bytes: a build with 10,000 attempts whose texts are as long as they may be does not reach it. */
const longestLine = 512 * 1024 * 1024;

/** How an archive is read. */
export interface ReadOptions {
  /** Is told after every record. */
  readonly onProgress?: OnProgress | undefined;
  /** Is told what the archive said of itself, once all of it was read and found right. */
  readonly onSummary?: (summary: ArchiveSummary) => void;
}

type JsonLine = Readonly<Record<string, unknown>>;

function parse(bytes: Buffer, place: string): JsonLine {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonLine;
  } catch (cause) {
    throw new IntegrityError(`${place} is not JSON in UTF-8.`, { cause });
  }
  throw new IntegrityError(`${place} is not a JSON object.`);
}

function checkHeader(line: JsonLine, path: string): void {
  if (line.type !== 'header' || line.format !== formatName)
    throw new ConfigurationError(
      `${path} is not an archive of a BuildState store: it does not begin with a header. ` +
        'Archives are made with `bldst store export`; for other files see `bldst store import --help`.',
    );
  if (readVersions.includes(line.format_version)) return;
  throw new ConfigurationError(
    `${path} has version ${String(line.format_version)} of the archive form; this BuildState reads versions ` +
      `up to ${formatVersion}. Update BuildState.`,
  );
}

/** Bytes of a file as they were before they were compressed. */
async function* contentOf(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  let read = 0;
  file.on('data', (chunk) => {
    read += chunk.length;
    onBytes(read);
  });
  file.pause();
  const first = Buffer.alloc(4);
  {
    await using handle = await open(path, 'r');
    await handle.read(first, 0, 4, 0);
  }
  const plain = decompressor(compressionIn(first));
  // Errors of either end the iteration; they are thrown there.
  pipeline(file, plain, () => undefined);
  try {
    yield* plain as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (errorCode(cause)?.startsWith('Z') || errorCode(cause)?.startsWith('ERR_'))
      throw new IntegrityError(`${path} is damaged or cut off: it cannot be unpacked.`, { cause });
    throw cause;
  }
}

/**
 * The records of an archive, in order. What is yielded before the end is not yet known to be whole: read an archive
 * through once before believing it.
 * @throws ConfigurationError when it is no archive, or one of a newer form; IntegrityError when it was cut off or changed
 */
export async function* readArchive(path: string, options: ReadOptions = {}): AsyncGenerator<StoreRecord> {
  const hash = createHash('sha256');
  let number = 0;
  let counts = noRecords;
  let records = 0;
  let bytes = 0;
  let trailer: JsonLine | undefined;
  const content = contentOf(path, (read) => {
    bytes = read;
  });
  for await (const { bytes: text, ended } of linesOf(content, longestLine)) {
    number += 1;
    const place = `Line ${number} of ${path}`;
    if (trailer !== undefined) throw new IntegrityError(`${place} comes after the end of the archive.`);
    if (!ended) throw new IntegrityError(`${place} is cut off.`);
    // What is no archive at all is told by its first line, before anything is said of JSON.
    const line = number === 1 ? headerIn(text, path) : parse(text, place);
    if (line.type === 'trailer') {
      trailer = line;
      continue;
    }
    hash.update(text).update('\n');
    if (number === 1) continue;
    const problem = formProblem(line);
    if (problem !== undefined) throw new IntegrityError(`${place}: ${problem}.`);
    const record = recordFrom(line);
    counts = counting(counts, record);
    records += 1;
    yield record;
    options.onProgress?.({ records, bytes });
  }
  if (number === 0) throw new ConfigurationError(`${path} is empty.`);
  if (trailer === undefined) throw new IntegrityError(`${path} is cut off: its last line is missing.`);
  const sha256 = hash.digest('hex');
  const whole =
    trailer.sha256 === sha256 &&
    canonicalJson({ actors: 0, ...(trailer.counts as object) } as never) ===
      canonicalJson(toWire(counts) as never);
  if (!whole) throw new IntegrityError(`${path} was changed: its lines are not the ones that were written.`);
  options.onSummary?.({ counts, sha256 });
}

function headerIn(text: Buffer, path: string): JsonLine {
  let line: JsonLine = {};
  try {
    line = parse(text, `Line 1 of ${path}`);
  } catch (error) {
    if (!(error instanceof BuildStateError)) throw error;
  }
  checkHeader(line, path);
  return line;
}

/** Reads an archive to its end and says what it holds. @throws as `readArchive` does */
export async function checkArchive(path: string, onProgress?: OnProgress): Promise<ArchiveSummary> {
  let found: ArchiveSummary | undefined;
  const onSummary = (summary: ArchiveSummary) => {
    found = summary;
  };
  for await (const _ of readArchive(path, { onProgress, onSummary }));
  return found as ArchiveSummary;
}
