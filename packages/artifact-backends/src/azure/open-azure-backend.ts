import type { ArtifactBackend } from '@buildstate/core';
import { defined } from '../uri-parameters.ts';
import { AzureBackend } from './azure-backend.ts';
import { azureClient } from './azure-client.ts';
import { AzureConnection } from './azure-connection.ts';
import { parseAzureUri } from './azure-location.ts';
import { type AzureOptions, resolveAzureOptions } from './azure-options.ts';
import { loadAzureSdk } from './azure-sdk.ts';

/**
 * Opens a place in a container as an artifact backend, without retries and deadlines; `openBackend` adds them.
 * Makes no request.
 * @param uri `azure-blob://account/container/prefix` or `https://account.blob.core.windows.net/container/prefix`; its
 *   query parameters win over `options`
 * @throws ConfigurationError for a bad URI, credentials of another account, or when an SDK is not installed
 */
export async function openAzureBackend(uri: string, options: AzureOptions = {}): Promise<ArtifactBackend> {
  const location = parseAzureUri(uri);
  const resolved = resolveAzureOptions({ ...options, ...defined(location.options) });
  const client = await azureClient(await loadAzureSdk(), location, resolved);
  return new AzureBackend(new AzureConnection(client, location, resolved));
}
