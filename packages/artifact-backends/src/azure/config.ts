import type { Environment } from '@buildstate/node-runtime';
import { checkEndpoint } from '../uri-parameters.ts';
import type { AzureOptions } from './azure-options.ts';

/**
 * What the environment says about Azure: the variables that Azure's own command line reads
 * (`AZURE_STORAGE_CONNECTION_STRING`, `AZURE_STORAGE_ACCOUNT`, `AZURE_STORAGE_KEY`, `AZURE_STORAGE_SAS_TOKEN`), and
 * `BLDST_AZURE_ENDPOINT`. Without any of them the default chain of `@azure/identity` looks for more.
 * @param env handed in by an entry point, usually `process.env`
 * @throws ConfigurationError that names the variable
 */
export function azureOptionsFromEnvironment(env: Environment): AzureOptions {
  const endpoint = env.BLDST_AZURE_ENDPOINT || undefined;
  return {
    endpoint: endpoint === undefined ? undefined : checkEndpoint(endpoint, 'BLDST_AZURE_ENDPOINT'),
    account: env.AZURE_STORAGE_ACCOUNT || undefined,
    connectionString: env.AZURE_STORAGE_CONNECTION_STRING || undefined,
    accountKey: env.AZURE_STORAGE_KEY || undefined,
    sasToken: env.AZURE_STORAGE_SAS_TOKEN || undefined,
  };
}
