import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigurationError, type Logger } from '@buildstate/core/light';
import { isErrorWithCode } from '../files/error-code.ts';
import { makePrivateFolder } from '../files/private-folder.ts';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import { type KeyRingDocument, newKeyEntry, parseKeyRing, serialiseKeyRing } from './key-ring-document.ts';

const writableByOthers = 0o022;
const readableByOthers = 0o044;

/** How a key ring file is read. */
export interface ReadKeyRingOptions {
  /** Accept short and placeholder secrets, for development only. */
  readonly allowWeak: boolean;
  /** Told when the file can be read by others. */
  readonly logger: Logger;
}

function checkMode(file: string, mode: number, logger: Logger): void {
  // Windows keeps access lists instead of modes; what Node makes of them says nothing.
  if (process.platform === 'win32') return;
  if ((mode & writableByOthers) !== 0) {
    throw new ConfigurationError(`Key ring ${file} can be written by other users. Run: chmod 600 ${file}`);
  }
  if ((mode & readableByOthers) !== 0) {
    logger.warn({ file }, 'The key ring can be read by other users; chmod 600 it and rotate its keys.');
  }
}

/**
 * Reads and checks a key ring file.
 * @throws ConfigurationError when it is missing, can be written by others, or holds unusable keys
 */
export async function readKeyRingFile(file: string, options: ReadKeyRingOptions): Promise<KeyRingDocument> {
  const source = `Key ring ${file}`;
  try {
    await using handle = await open(file, 'r');
    checkMode(file, (await handle.stat()).mode, options.logger);
    return parseKeyRing(await handle.readFile('utf8'), source, options.allowWeak);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw new ConfigurationError(`${source} cannot be read. Does it exist, and may this user read it?`, {
      cause,
    });
  }
}

/** Whether something has the file's name. What it is, and whether it can be read, shows when it is read. */
async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    return !isErrorWithCode(error, 'ENOENT', 'ENOTDIR');
  }
}

/**
 * Makes a key ring file with one new key, readable by its owner alone, unless there is one already: then nothing is
 * written, so that a full or read-only disk can be read.
 * @throws ConfigurationError when its folder cannot be made; NoSpaceError
 */
export async function makeKeyRingFile(file: string, now: Date): Promise<void> {
  if (await isThere(file)) return;
  await makePrivateFolder(dirname(file));
  const text = serialiseKeyRing({ version: 1, keys: [newKeyEntry(now)] });
  try {
    await writeFileAtomic(file, text, { mode: 0o600, ifAbsent: true });
  } catch (error) {
    // Another process was first: its keys are the ones that count.
    if (!isErrorWithCode(error, 'EEXIST')) throw error;
  }
}
