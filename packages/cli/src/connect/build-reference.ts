import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isErrorWithCode } from '@buildstate/node-runtime';
import { UsageError } from '../errors/usage-error.ts';
import type { Session } from '../session/session.ts';
import { foldersUpward } from './folders-upward.ts';

/** The file that `build create --save` writes and every command about a build reads. */
export const buildFileName = '.bldst-build';

function buildOfFile(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, buildFileName), 'utf8').trim() || undefined;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** The build that the environment or the nearest file names, if one does. */
export function buildOfSurroundings({ env, cwd }: Pick<Session, 'env' | 'cwd'>): string | undefined {
  if (env.BLDST_BUILD_ID) return env.BLDST_BUILD_ID;
  for (const folder of foldersUpward(cwd)) {
    const build = buildOfFile(folder);
    if (build !== undefined) return build;
  }
  return undefined;
}

/**
 * The build that a command is about: its argument, else what its surroundings name.
 * @throws UsageError when neither does
 */
export function resolveBuild(argument: string | undefined, session: Pick<Session, 'env' | 'cwd'>): string {
  const build = argument ?? buildOfSurroundings(session);
  if (build !== undefined && build.trim() !== '') return build.trim();
  throw new UsageError(
    `Which build? Give its id (or PROJECT:NUMBER) as an argument, set BLDST_BUILD_ID, or make a ${buildFileName} file with "bldst build create --save".`,
    { hint: 'bldst build list' },
  );
}
