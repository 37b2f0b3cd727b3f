import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { glob, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { NotFoundError } from '@buildstate/core/light';

/** What the patterns of `inputs` stand for at this moment. */
export interface InputHashes {
  /** SHA-256 in hexadecimal by path: relative to the folder, with `/`, sorted. */
  readonly files: Readonly<Record<string, string>>;
  /** Patterns that match no file. */
  readonly unmatched: readonly string[];
}

/** Options of {@link hashInputs}. */
export interface HashOptions {
  /** Ends the work early. */
  readonly signal?: AbortSignal | undefined;
}

const wildcard = /[*?[\]{}]/;

async function isFile(path: string): Promise<boolean> {
  return (await stat(path)).isFile();
}

/** The files of one pattern; links count as what they lead to. */
async function filesOf(folder: string, pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: folder })) {
    const absolute = resolve(folder, path);
    if (await isFile(absolute)) found.push(absolute);
    else if (!wildcard.test(pattern)) found.push(...(await filesOf(folder, `${pattern}/**`)));
  }
  return found;
}

async function sha256(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

/**
 * Hashes the files that patterns name. A plain path must exist; a folder stands for all files under it; a
 * pattern with wildcards may match nothing.
 *
 * @param folder the project's folder, which the paths are relative to
 * @throws NotFoundError when a plain path does not exist; the system's error when a file cannot be read
 */
export async function hashInputs(
  folder: string,
  patterns: readonly string[],
  { signal }: HashOptions = {},
): Promise<InputHashes> {
  const paths = new Set<string>();
  const unmatched: string[] = [];
  for (const pattern of patterns) {
    signal?.throwIfAborted();
    const found = await filesOf(folder, pattern);
    for (const path of found) paths.add(path);
    if (found.length > 0) continue;
    if (!wildcard.test(pattern))
      throw new NotFoundError(`The input "${pattern}" is not there, or is an empty folder, in ${folder}.`, {
        context: { input: pattern, folder },
      });
    unmatched.push(pattern);
  }
  const files: Record<string, string> = {};
  for (const path of [...paths].toSorted()) {
    files[relative(folder, path).split(sep).join('/')] = await sha256(path, signal);
  }
  return { files, unmatched };
}
