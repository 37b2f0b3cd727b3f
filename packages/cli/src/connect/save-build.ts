import { join } from 'node:path';
import { ConfigurationError, NoSpaceError } from '@buildstate/core/light';
import { errorCode, writeFileAtomic } from '@buildstate/node-runtime';
import { buildFileName } from './build-reference.ts';

/**
 * Makes a build the one that commands in a folder, and below it, are about.
 *
 * @returns the file's path
 * @throws ConfigurationError when it cannot be written, NoSpaceError when the disk is full
 */
export async function saveBuild(folder: string, buildId: string): Promise<string> {
  const path = join(folder, buildFileName);
  try {
    await writeFileAtomic(path, `${buildId}\n`);
  } catch (cause) {
    if (cause instanceof NoSpaceError) throw cause;
    throw new ConfigurationError(
      `The build ${buildId} exists, but ${path} cannot be written: ${errorCode(cause)}.`,
      {
        cause,
      },
    );
  }
  return path;
}
