import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isErrorWithCode } from '@buildstate/node-runtime';

/** What a file should hold. */
export interface ExpectedContent {
  /** Size in bytes, where it is known. */
  readonly sizeBytes: number | null;
  /** Lower-case hexadecimal. */
  readonly checksum: string;
  /** What made the checksum. */
  readonly algorithm: 'sha256' | 'md5';
}

/** A file at a moment. As long as the key is the same, so are the bytes: nobody can set back a file's `ctime`. */
export interface FileMoment {
  /** Size in bytes. */
  readonly size: number;
  /** Changes with every change of the file. */
  readonly key: string;
}

/** The file at a path as it is now, or `undefined` when there is none. */
export async function fileMoment(path: string): Promise<FileMoment | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return { size: Number(size), key: [dev, ino, size, mtimeNs, ctimeNs].join(':') };
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function hash(path: string, algorithm: string, signal: AbortSignal): Promise<string> {
  const running = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) {
    running.update(chunk as Buffer);
  }
  return running.digest('hex');
}

function textOf({ algorithm, checksum }: Pick<ExpectedContent, 'algorithm' | 'checksum'>): string {
  return `${algorithm}:${checksum}`;
}

/**
 * Knows what files hold. A file that was looked at and has not been touched since is not read again: images are
 * large, and a run of many states asks for the same ones.
 */
export class FileDigests {
  readonly #known = new Map<string, { readonly key: string; readonly digest: string }>();

  /** Whether a file is there with certain bytes; `undefined` when there is no file. */
  async matches(path: string, expected: ExpectedContent, signal: AbortSignal): Promise<boolean | undefined> {
    const moment = await fileMoment(path);
    if (moment === undefined) return undefined;
    if (expected.sizeBytes !== null && expected.sizeBytes !== moment.size) return false;
    const known = this.#known.get(path);
    if (known?.key === moment.key && known.digest === textOf(expected)) return true;
    if ((await hash(path, expected.algorithm, signal)) !== expected.checksum) return false;
    this.note(path, expected, moment);
    return true;
  }

  /** Files that held certain bytes when they were last looked at. */
  holding(expected: ExpectedContent): string[] {
    const digest = textOf(expected);
    return [...this.#known].filter(([, known]) => known.digest === digest).map(([path]) => path);
  }

  /** Notes what a file held at a moment, after all of it went through a hash or came from a verified transfer. */
  note(path: string, content: Pick<ExpectedContent, 'algorithm' | 'checksum'>, { key }: FileMoment): void {
    this.#known.set(path, { key, digest: textOf(content) });
  }
}
