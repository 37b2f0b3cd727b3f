import type { BuildFile } from '@buildstate/client/run';
import { isOfKind } from '../errors/known-error.ts';
import { UsageError } from '../errors/usage-error.ts';
import type { Session } from '../session/session.ts';

/**
 * The build file that a command was given, or that of its folder.
 * @param command the command, to name in the line that would work
 * @throws UsageError when there is none; ValidationError that names every problem of one
 */
export async function buildFileOf(
  command: 'run' | 'worker',
  place: string | undefined,
  { cwd, env }: Pick<Session, 'cwd' | 'env'>,
): Promise<BuildFile> {
  const { buildFileName, readBuildFile } = await import('@buildstate/client/run');
  try {
    return await readBuildFile(place ?? buildFileName, cwd, env);
  } catch (error) {
    if (!isOfKind(error, 'not_found')) throw error;
    throw new UsageError(error.message, { cause: error, hint: `bldst ${command} path/to/buildstate.yaml` });
  }
}
