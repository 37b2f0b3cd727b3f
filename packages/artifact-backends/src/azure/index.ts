export type { AzureChecksums, AzureOptions, AzureTier } from './azure-options.ts';
export { azureOptionsFromEnvironment } from './config.ts';
export { openAzureBackend } from './open-azure-backend.ts';
