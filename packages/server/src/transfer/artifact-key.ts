import { type Artifact, defaultKey, serverScheme } from '@buildstate/core';

/** What a key is made from. */
export interface KeyParts {
  /** UUID of the build. */
  readonly buildId: string;
  /** Name of its project. */
  readonly project: string;
  /** Its number. */
  readonly buildNumber: string;
  /** The state that produced the bytes. */
  readonly state: number;
  /** Name of the file. */
  readonly filename: string;
  /** A new UUID, so that no two uploads share a key. */
  readonly unique: string;
}

const prefix = `${serverScheme}///`;

/**
 * The key of an upload. Names of projects and builds are made safe for it, so two of them may look the same there;
 * the build's id in the second-last segment is what says whose bytes they are.
 */
export function uploadKey({ buildId, unique, ...place }: KeyParts): string {
  return defaultKey({ ...place, attempt: `${buildId}.${unique}` });
}

/** The URI of an artifact under a key of this server. */
export function serverPath(key: string): string {
  return `${prefix}${key}`;
}

/** Whether an artifact says that its bytes are on the server's own disk. */
export function isServerPath(path: string): boolean {
  return path.startsWith(serverScheme);
}

/**
 * The key of an artifact on the server's own disk, or `undefined` when it is kept elsewhere or when its path leads to
 * the bytes of another build: paths are written by clients, and must not open what their key may not see.
 */
export function ownKey(artifact: Pick<Artifact, 'artifactPath' | 'buildId'>): string | undefined {
  const { artifactPath, buildId } = artifact;
  if (!artifactPath.startsWith(prefix)) return undefined;
  const key = artifactPath.slice(prefix.length);
  return key.split('/').at(-2)?.startsWith(`${buildId}.`) === true ? key : undefined;
}
