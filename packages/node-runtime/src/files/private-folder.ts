import { mkdir } from 'node:fs/promises';
import { ConfigurationError } from '@buildstate/core/light';
import { errorCode } from './error-code.ts';
import { spaceErrorOf } from './space-error.ts';

/** What the system's codes mean here: reasons why another folder is needed. */
const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of this name',
  ENOTDIR: 'a folder above it is a file',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOENT: 'no folder can be made there',
  ENAMETOOLONG: 'its name is too long for the file system',
};

function folderErrorOf(error: unknown, folder: string): unknown {
  const code = errorCode(error) ?? '';
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  if (reason === undefined) return spaceErrorOf(error, folder) ?? error;
  return new ConfigurationError(
    `The folder ${folder} cannot be made: ${reason} (${code}). ` +
      'Choose another folder; for the data folder, with --data-dir or BLDST_DATA_DIR.',
    { cause: error, context: { folder, system_code: code } },
  );
}

/**
 * Makes a folder, and those above it that are missing, for its owner alone (0700). An existing one stays as it is.
 * @throws ConfigurationError when it cannot be there; NoSpaceError on a full disk; the system's other errors
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw folderErrorOf(error, folder);
  }
}
