import { backendOptionsFromEnvironment, openBackend } from '@buildstate/artifact-backends';
import { openFsBackend } from '@buildstate/artifact-backends/fs';
import {
  type Artifact,
  type ArtifactBackend,
  checkStorageKey,
  type StateStore,
  ValidationError,
} from '@buildstate/core';
import type { Environment } from '@buildstate/node-runtime';
import { isServerPath, ownKey } from '../transfer/artifact-key.ts';
import type { ReachablePlace } from '../transfer/inspect-artifact.ts';

/** Opens the folder in which the server keeps artifacts itself. */
export function openOwnDisk(root: string): Promise<ArtifactBackend> {
  return openFsBackend({ root, uri: 'server:', kind: 'server' });
}

function isKey(text: string): boolean {
  try {
    checkStorageKey(text);
    return true;
  } catch (error) {
    if (error instanceof ValidationError) return false;
    throw error;
  }
}

/** The places that a server looks into: its own disk, and the base that its operator named. */
export class Places {
  readonly #own: ArtifactBackend;
  readonly #base: string;
  readonly #store: Pick<StateStore, 'loadBuild'>;
  readonly #environment: Environment;
  #opening: Promise<ArtifactBackend> | undefined;

  /** @param store knows which builds are of one project */
  constructor(
    own: ArtifactBackend,
    base: string,
    environment: Environment,
    store: Pick<StateStore, 'loadBuild'>,
  ) {
    this.#store = store;
    this.#own = own;
    this.#base = base;
    this.#environment = environment;
  }

  /** Where an artifact's bytes are; `undefined` when the server does not look there. */
  async placeOf(artifact: Artifact): Promise<ReachablePlace | undefined> {
    if (isServerPath(artifact.artifactPath)) {
      const key = await ownKey(this.#store, artifact);
      return key === undefined ? undefined : { backend: this.#own, key };
    }
    const root = `${this.#base.replace(/[?#].*$/, '').replace(/\/+$/, '')}/`;
    if (isServerPath(this.#base) || !artifact.artifactPath.startsWith(root)) return undefined;
    const key = artifact.artifactPath.slice(root.length);
    return isKey(key) ? { backend: await this.#openBase(), key } : undefined;
  }

  /** Frees what was opened. */
  async close(): Promise<void> {
    await this.#own.close();
    await (await this.#opening)?.close();
  }

  #openBase(): Promise<ArtifactBackend> {
    this.#opening ??= openBackend(
      this.#base,
      backendOptionsFromEnvironment(this.#base, this.#environment),
    ).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }
}
