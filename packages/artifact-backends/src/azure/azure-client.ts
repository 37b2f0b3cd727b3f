import type { ContainerClient, StoragePipelineOptions } from '@azure/storage-blob';
import { ConfigurationError } from '@buildstate/core/light';
import type { AzureLocation } from './azure-location.ts';
import type { ResolvedAzureOptions } from './azure-options.ts';
import { type AzureSdk, defaultAzureCredential } from './azure-sdk.ts';

/** The retry decorator is the one place that retries. */
const pipeline: StoragePipelineOptions = { retryOptions: { maxTries: 1 } };

function otherAccount(named: string, account: string, where: string): ConfigurationError {
  return new ConfigurationError(
    `The URI names the account ${account}, but ${where} is of ${named}. Make both name the same account.`,
  );
}

function fromConnectionString(
  sdk: AzureSdk,
  { account, container }: AzureLocation,
  connectionString: string,
): ContainerClient {
  let client: ContainerClient;
  try {
    client = sdk.BlobServiceClient.fromConnectionString(connectionString, pipeline).getContainerClient(
      container,
    );
  } catch {
    // The SDK's own message may quote the string.
    throw new ConfigurationError('The connection string of Azure Storage cannot be read. Copy it again.');
  }
  if (client.accountName !== '' && client.accountName !== account) {
    throw otherAccount(client.accountName, account, 'the connection string');
  }
  return client;
}

/**
 * The SDK's client for a container, with the first credential that is there: connection string, key, shared access
 * signature, a credential object, the default chain.
 * @throws ConfigurationError
 */
export async function azureClient(
  sdk: AzureSdk,
  location: AzureLocation,
  options: ResolvedAzureOptions,
): Promise<ContainerClient> {
  const { account, container } = location;
  const { connectionString, accountKey, sasToken } = options;
  if (connectionString !== undefined) return fromConnectionString(sdk, location, connectionString);
  const endpoint = (options.endpoint ?? `https://${account}.blob.core.windows.net`).replace(/\/+$/, '');
  const url = `${endpoint}/${container}`;
  if (
    options.account !== undefined &&
    options.account !== account &&
    (accountKey ?? sasToken) !== undefined
  ) {
    throw otherAccount(options.account, account, 'the key or the shared access signature');
  }
  if (accountKey !== undefined) {
    return new sdk.ContainerClient(url, new sdk.StorageSharedKeyCredential(account, accountKey), pipeline);
  }
  if (sasToken !== undefined) {
    const signed = `${url}?${sasToken.replace(/^\?/, '')}`;
    return new sdk.ContainerClient(signed, new sdk.AnonymousCredential(), pipeline);
  }
  return new sdk.ContainerClient(url, options.credential ?? (await defaultAzureCredential()), pipeline);
}
