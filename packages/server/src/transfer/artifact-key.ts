import { type Artifact, defaultKey, type StateStore, serverScheme } from '@buildstate/core';

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

const owner = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\./;

/** The project of a build; `undefined` when there is no such build. */
async function projectOf(store: Pick<StateStore, 'loadBuild'>, buildId: string): Promise<string | undefined> {
  return (await store.loadBuild(buildId))?.snapshot.build.projectId;
}

/**
 * The key of an artifact on the server's own disk, or `undefined` when it is kept elsewhere or when its path leads to
 * the bytes of another project: paths are written by clients, and must not open what their key may not see. Builds of
 * one project may stand on each other's bytes; who may see one of them may see them all.
 */
export async function ownKey(
  store: Pick<StateStore, 'loadBuild'>,
  { artifactPath, buildId }: Pick<Artifact, 'artifactPath' | 'buildId'>,
): Promise<string | undefined> {
  if (!artifactPath.startsWith(prefix)) return undefined;
  const key = artifactPath.slice(prefix.length);
  const maker = owner.exec(key.split('/').at(-2) ?? '')?.[1];
  if (maker === undefined) return undefined;
  if (maker === buildId) return key;
  const [theirs, ours] = await Promise.all([projectOf(store, maker), projectOf(store, buildId)]);
  return theirs !== undefined && theirs === ours ? key : undefined;
}
