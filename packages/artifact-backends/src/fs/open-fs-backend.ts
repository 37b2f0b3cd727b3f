import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { ArtifactBackend, Logger } from '@buildstate/core';
import { ConfigurationError, silentLogger } from '@buildstate/core/light';
import { isErrorWithCode } from '@buildstate/node-runtime';
import { FsBackend } from './fs-backend.ts';
import { toStorageError } from './fs-errors.ts';
import { FsRoot } from './fs-root.ts';

/** Which folder, and how it is called. */
export interface FsBackendOptions {
  /** Absolute path of the folder. It is made when it is missing. */
  readonly root: string;
  /** The URI that other machines know the folder by. @default `file://` and the path */
  readonly uri?: string;
  /** The word recorded as `storage_backend`. @default local */
  readonly kind?: string;
  /** A folder that must be there, such as a mount point: without it, bytes would go to the wrong disk. */
  readonly mountPoint?: string;
  /** Told about leftovers that cannot be removed. @default silent */
  readonly logger?: Logger;
}

async function checkMountPoint(path: string): Promise<void> {
  try {
    await stat(path);
  } catch (cause) {
    if (!isErrorWithCode(cause, 'ENOENT')) throw cause;
    throw new ConfigurationError(`${path} is not there. Is the share mounted?`, { cause });
  }
}

/**
 * Opens a folder as an artifact backend.
 * @throws ConfigurationError when a mount point is missing; StorageError when the folder cannot be made
 */
export async function openFsBackend(options: FsBackendOptions): Promise<ArtifactBackend> {
  const { root: path, kind = 'local', logger = silentLogger } = options;
  const uri = options.uri ?? pathToFileURL(path).href.replace(/\/$/, '');
  if (options.mountPoint !== undefined) await checkMountPoint(options.mountPoint);
  try {
    return new FsBackend({ root: await FsRoot.open(path, uri), uri, kind, logger });
  } catch (error) {
    throw toStorageError(error, `opening of ${uri}`);
  }
}
