import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { ConfigurationError, checkStorageKey, ValidationError } from '@buildstate/core/light';
import { isErrorWithCode } from '@buildstate/node-runtime';
import type { ResolvedNeed } from './resolve-needs.ts';

/** The field of an artifact's metadata that says where its producer made it, relative to the project's folder. */
export const relativePathField = 'relative_path';

/** Whether a path is in a folder or below it. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The path relative to the project's folder with `/`, or `undefined` for a path outside of it. */
export function projectPath(folder: string, path: string): string | undefined {
  const absolute = resolve(folder, path);
  return isInside(folder, absolute) && absolute !== folder
    ? relative(folder, absolute).split(sep).join('/')
    : undefined;
}

/** The real path of the nearest folder above `path` that is there. */
async function nearestFolder(path: string): Promise<string> {
  try {
    return await realpath(dirname(path));
  } catch (error) {
    if (!isErrorWithCode(error, 'ENOENT') || dirname(path) === path) throw error;
    return nearestFolder(dirname(path));
  }
}

/**
 * Where a needed artifact is wanted: where the step says, else where its producer made it. That second place
 * comes from the record, so it is checked: nothing leads out of the project's folder, links in it included.
 *
 * @returns an absolute path
 * @throws ConfigurationError when nobody said where; ValidationError for a place that is not safe
 */
export async function needTarget(
  folder: string,
  { name, path, artifact }: Pick<ResolvedNeed, 'name' | 'path' | 'artifact'>,
): Promise<string> {
  if (path !== undefined) return resolve(folder, path);
  const recorded = artifact.metadata[relativePathField];
  if (typeof recorded !== 'string') {
    throw new ConfigurationError(
      `The artifact "${name}" was stored without the path that its producer made it at. ` +
        `Say where it is wanted: ${name}=FILE.`,
      { context: { artifact_id: artifact.id } },
    );
  }
  const target = resolve(folder, checkStorageKey(recorded, `the recorded path of artifact "${name}"`));
  if (isInside(await realpath(folder), await nearestFolder(target))) return target;
  throw new ValidationError(
    `The artifact "${name}" would be restored to ${recorded}, which a link leads out of ${folder}. ` +
      `Say where it is wanted: ${name}=FILE.`,
    { context: { artifact_id: artifact.id } },
  );
}
