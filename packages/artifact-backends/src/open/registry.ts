import { fileURLToPath } from 'node:url';
import type { ArtifactBackend, Logger } from '@buildstate/core';
import { ConfigurationError } from '@buildstate/core/light';
import type { AzureOptions } from '../azure/azure-options.ts';
import type { GcsOptions } from '../gcs/gcs-options.ts';
import type { S3Options } from '../s3/s3-options.ts';
import { type MountMap, resolveMount } from './mount-map.ts';

/** What drivers may be given. Each takes its own. */
export interface DriverOptions {
  /** Where network shares are mounted. @default {} */
  readonly mounts?: MountMap;
  /** For `s3://`. @default the AWS SDK's own configuration */
  readonly s3?: S3Options;
  /** For `azure-blob://`. @default the default chain of `@azure/identity` */
  readonly azure?: AzureOptions;
  /** For `gs://`. @default the default chain of `google-auth-library` */
  readonly gcs?: GcsOptions;
  /** Told about leftovers that cannot be removed. */
  readonly logger?: Logger;
}

type Loader = (uri: string, options: DriverOptions) => Promise<ArtifactBackend>;

/** `file://` with another machine's name means bytes that are not here. */
function pathOfFileUri(uri: string): string {
  const { host } = new URL(uri);
  if (host !== '' && host !== 'localhost') {
    throw new ConfigurationError(
      `${uri} lies on the host ${host}. Use a share or a bucket that both can reach.`,
    );
  }
  return fileURLToPath(uri);
}

const file: Loader = async (uri, { logger }) => {
  const { openFsBackend } = await import('../fs/index.ts');
  return await openFsBackend({ root: pathOfFileUri(uri), logger });
};

const mounted: Loader = async (uri, { mounts = {}, logger }) => {
  const plain = uri.replace(/\/+$/, '');
  const { path, mountPoint } = resolveMount(plain, mounts);
  const { openFsBackend } = await import('../fs/index.ts');
  const kind = plain.slice(0, plain.indexOf(':'));
  return await openFsBackend({ root: path, mountPoint, uri: plain, kind, logger });
};

const s3: Loader = async (uri, options) => {
  const { openS3Backend } = await import('../s3/index.ts');
  return await openS3Backend(uri, options.s3);
};

const azure: Loader = async (uri, options) => {
  const { openAzureBackend } = await import('../azure/index.ts');
  return await openAzureBackend(uri, { logger: options.logger, ...options.azure });
};

const gcs: Loader = async (uri, options) => {
  const { openGcsBackend } = await import('../gcs/index.ts');
  return await openGcsBackend(uri, options.gcs);
};

const memory: Loader = async () => {
  const { MemoryBackend } = await import('../memory/index.ts');
  return new MemoryBackend();
};

/** The drivers by scheme, each loaded when it is first used. A new driver is one line here. */
const drivers: Readonly<Record<string, Loader>> = {
  file,
  nfs: mounted,
  smb: mounted,
  ebs: mounted,
  glusterfs: mounted,
  s3,
  'azure-blob': azure,
  // Addresses of Azure's blobs; those of other hosts are refused there.
  https: azure,
  gs: gcs,
  memory,
};

/** The schemes that `openBackend` understands. */
export const backendSchemes: readonly string[] = Object.keys(drivers);

/** @throws ConfigurationError that lists the known schemes */
export function driverFor(scheme: string): Loader {
  const driver = drivers[scheme];
  if (driver !== undefined && Object.hasOwn(drivers, scheme)) return driver;
  const known = backendSchemes.map((name) => `${name}:`).join(' ');
  throw new ConfigurationError(
    `There is no artifact backend for "${scheme}:". Known are ${known} and absolute paths.`,
  );
}
