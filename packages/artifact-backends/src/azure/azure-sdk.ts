import type { TokenCredential } from '@azure/core-auth';
import { loadPeer } from '../load-peer.ts';

/** Azure's SDK for blobs. */
export type AzureSdk = typeof import('@azure/storage-blob');

/** Loads the SDK when it is first needed. @throws ConfigurationError that names the package to install */
export function loadAzureSdk(
  load: () => Promise<AzureSdk> = () => import('@azure/storage-blob'),
): Promise<AzureSdk> {
  return loadPeer('azure-blob://', '@azure/storage-blob', load);
}

/**
 * Azure's default chain: variables, workload and managed identity, the signed-in user of the command line.
 * @throws ConfigurationError that names the package to install
 */
export async function defaultAzureCredential(): Promise<TokenCredential> {
  const name = '@azure/identity';
  const what = 'azure-blob:// without a key, a connection string or a shared access signature';
  const { DefaultAzureCredential } = await loadPeer(what, name, () => import('@azure/identity'));
  return new DefaultAzureCredential();
}
