import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectInfo, UploadedPart } from '@buildstate/core';
import { StorageError } from '@buildstate/core/light';
import { isErrorWithCode } from '@buildstate/node-runtime';
import { wrongPart } from '../backend-errors.ts';
import { infoOf, stamp, statObject } from './fs-object.ts';
import { placeFile } from './fs-place.ts';
import { writeAt } from './fs-put.ts';
import type { FsRoot } from './fs-root.ts';
import { type PartRecord, partDataPath, readRecord } from './part-records.ts';
import type { CompletionMark, UploadFolder } from './upload-folder.ts';

const copyBytes = 1024 * 1024;

/** One completion under way. */
interface Completion {
  readonly root: FsRoot;
  readonly folder: UploadFolder;
  readonly key: string;
  readonly signal: AbortSignal | undefined;
}

/** The records of the named parts. @throws StorageError when a part is not stored as named */
async function recordsOf(
  completion: Completion,
  parts: readonly UploadedPart[],
): Promise<readonly PartRecord[]> {
  return await Promise.all(
    parts.map(async ({ number, tag, size }) => {
      const record = await readRecord(completion.folder.path, number);
      if (record?.tag !== tag || record.size !== size)
        throw wrongPart(completion.root.nameOf(completion.key), number);
      return record;
    }),
  );
}

/** Whether every part already lies where it belongs in the data file. */
function inPlace(records: readonly PartRecord[]): boolean {
  let end = 0;
  return records.every(({ offset, size }) => {
    const fits = offset === end;
    end += size;
    return fits;
  });
}

async function copyPart(
  { folder, signal }: Completion,
  record: PartRecord,
  target: FileHandle,
  position: number,
): Promise<void> {
  const path = record.offset === undefined ? partDataPath(folder.path, record.number) : folder.dataPath;
  await using source = await open(path, 'r');
  const buffer = Buffer.allocUnsafe(Math.min(copyBytes, record.size));
  for (let done = 0; done < record.size; ) {
    const length = Math.min(buffer.length, record.size - done);
    const { bytesRead } = await source.read(buffer, 0, length, (record.offset ?? 0) + done);
    if (bytesRead === 0) throw wrongPart(folder.path, record.number);
    await writeAt(target, buffer.subarray(0, bytesRead), position + done, signal);
    done += bytesRead;
  }
}

/** Copies parts one after the other into a file of their own. */
async function assemble(completion: Completion, records: readonly PartRecord[]): Promise<string> {
  const file = 'assembled';
  await using target = await open(join(completion.folder.path, file), 'w');
  let position = 0;
  for (const record of records) {
    await copyPart(completion, record, target, position);
    position += record.size;
  }
  return file;
}

/** Brings all bytes into one synced file and notes which one it is. */
async function prepare(completion: Completion, parts: readonly UploadedPart[]): Promise<CompletionMark> {
  const records = await recordsOf(completion, parts);
  const file = inPlace(records) && records.length > 0 ? 'data' : await assemble(completion, records);
  const size = records.reduce((sum, record) => sum + record.size, 0);
  await using handle = await open(join(completion.folder.path, file), 'r+');
  // A part that was sent again in a shorter form may have left bytes behind the end.
  await handle.truncate(size);
  await stamp(handle);
  await handle.sync();
  const { version } = infoOf(completion.key, await handle.stat({ bigint: true }));
  const mark = { version, file };
  await completion.folder.markCompletion(mark);
  return mark;
}

/** The object that an earlier completion made, if it still is there. */
async function completedObject({ root, key }: Completion, mark: CompletionMark): Promise<ObjectInfo> {
  const info = await statObject(root, key);
  if (info?.version === mark.version) return info;
  throw new StorageError(`${root.nameOf(key)} was completed, and has been replaced or deleted since.`, {
    kind: 'conflict',
  });
}

/**
 * Makes an upload's object visible. Can be repeated after a crash at any moment, and after success: which
 * file becomes the object is noted on disk before it is moved.
 */
export async function completeFsUpload(
  completion: Completion,
  parts: readonly UploadedPart[],
): Promise<ObjectInfo> {
  const { root, folder, key, signal } = completion;
  const mark = (await folder.completion()) ?? (await prepare(completion, parts));
  signal?.throwIfAborted();
  try {
    if (await folder.holds(mark)) await placeFile(root, join(folder.path, mark.file), key, false);
  } catch (error) {
    // Somebody else completed the same upload at the same time and moved the file first.
    if (!isErrorWithCode(error, 'ENOENT') || (await folder.holds(mark))) throw error;
  }
  return await completedObject(completion, mark);
}
