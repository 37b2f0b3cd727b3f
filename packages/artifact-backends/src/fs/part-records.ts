import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadedPart } from '@buildstate/core';
import { isErrorWithCode } from '@buildstate/node-runtime';

/** A part that is stored. Its record appears after its bytes are on the disk. */
export interface PartRecord extends UploadedPart {
  /** Where its bytes are in the data file, or `undefined` when they have a file of their own. */
  readonly offset?: number;
}

const recordName = /^part-(\d+)\.json$/;

/** The file of a part that was sent without its offset. */
export function partDataPath(folder: string, number: number): string {
  return join(folder, `part-${number}.data`);
}

/** A record's text, or `undefined` when a crash cut it short: the part then has to be sent again. */
function parseRecord(text: string): PartRecord | undefined {
  try {
    return JSON.parse(text) as PartRecord;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Notes that a part is stored, replacing an earlier note. */
export async function writeRecord(folder: string, record: Omit<PartRecord, 'tag'>): Promise<UploadedPart> {
  const tag = randomUUID();
  const temporary = join(folder, `record-${tag}.tmp`);
  await writeFile(temporary, JSON.stringify({ ...record, tag }));
  await rename(temporary, join(folder, `part-${record.number}.json`));
  return { number: record.number, size: record.size, tag };
}

/** The record of one part, or `undefined` when the part is not stored. */
export async function readRecord(folder: string, number: number): Promise<PartRecord | undefined> {
  try {
    return parseRecord(await readFile(join(folder, `part-${number}.json`), 'utf8'));
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** All records, by ascending number. */
export async function readRecords(folder: string): Promise<readonly PartRecord[]> {
  const numbers = (await readdir(folder)).flatMap((name) => recordName.exec(name)?.[1] ?? []).map(Number);
  const records = await Promise.all(numbers.map((number) => readRecord(folder, number)));
  return records.filter((record) => record !== undefined).toSorted((a, b) => a.number - b.number);
}
