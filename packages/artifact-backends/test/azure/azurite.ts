import { randomUUID } from 'node:crypto';
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { type Azurite, startAzurite } from '@buildstate/tooling/azurite';
import { afterAll, beforeAll } from 'vitest';
import type { AzureOptions } from '../../src/azure/index.ts';

/** The emulator of a test file, and one container in it. */
export interface AzureTestPlace {
  readonly azurite: () => Azurite;
  /** The container's own client, for looking behind the backend. */
  readonly container: () => ContainerClient;
  /** What a backend is opened with. */
  readonly options: () => AzureOptions;
  /** A new place in the container. */
  readonly newUri: () => string;
}

/** Starts the emulator for the running file. */
export function azureTestPlace(): AzureTestPlace {
  let azurite: Azurite | undefined;
  const name = `builds-${randomUUID()}`;
  const running = () => {
    if (azurite === undefined) throw new Error('The emulator runs inside tests only.');
    return azurite;
  };
  const container = () => {
    const { endpoint, account, accountKey } = running();
    return new ContainerClient(`${endpoint}/${name}`, new StorageSharedKeyCredential(account, accountKey));
  };
  beforeAll(async () => {
    azurite = await startAzurite();
    await container().create();
  });
  afterAll(() => azurite?.stop());
  return {
    azurite: running,
    container,
    options: () => ({ endpoint: running().endpoint, accountKey: running().accountKey }),
    newUri: () => `azure-blob://${running().account}/${name}/${randomUUID()}/below`,
  };
}
