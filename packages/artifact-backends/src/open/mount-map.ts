import { isAbsolute, join } from 'node:path';
import { ConfigurationError } from '@buildstate/core/light';

/** Where network shares are mounted on this machine: URI prefix → absolute path of the mount point. */
export type MountMap = Readonly<Record<string, string>>;

/** A share's place on this machine. */
export interface MountedPath {
  /** The mount point, which must be there. */
  readonly mountPoint: string;
  /** The folder that the URI names. */
  readonly path: string;
}

function isBelow(uri: string, prefix: string): boolean {
  return uri === prefix || uri.startsWith(`${prefix}/`);
}

/** The folder below the mount point. Encoded slashes and dots must not lead out of it. */
function folderBelow(uri: string, prefix: string): readonly string[] {
  const segments = uri
    .slice(prefix.length)
    .split('/')
    .filter((segment) => segment !== '');
  const names = segments.map((segment) => decodeURIComponent(segment));
  if (names.some((name) => name === '..' || name === '.' || /[/\\\0]/.test(name))) {
    throw new ConfigurationError(`${uri} leads out of its share.`);
  }
  return names;
}

/**
 * Finds where a share is mounted; of several entries the longest wins.
 * @throws ConfigurationError that shows the setting when there is no entry
 */
export function resolveMount(uri: string, mounts: MountMap): MountedPath {
  const entries = Object.entries(mounts).map(([prefix, path]) => [prefix.replace(/\/+$/, ''), path] as const);
  const best = entries
    .filter(([prefix]) => isBelow(uri, prefix))
    .toSorted(([a], [b]) => b.length - a.length)[0];
  if (best === undefined) {
    throw new ConfigurationError(
      `${uri} is on a share, and the "mounts" setting does not say where it is mounted here. ` +
        `Add an entry such as { "${uri}": "/mnt/builds" }.`,
    );
  }
  const [prefix, mountPoint] = best;
  if (!isAbsolute(mountPoint)) {
    throw new ConfigurationError(`The "mounts" setting must name an absolute path for ${prefix}.`);
  }
  return { mountPoint, path: join(mountPoint, ...folderBelow(uri, prefix)) };
}
