import type { Environment } from '@buildstate/node-runtime';
import { checkEndpoint } from '../uri-parameters.ts';
import type { GcsOptions } from './gcs-options.ts';

/**
 * What the environment says about Google Cloud Storage: `BLDST_GCS_ENDPOINT`, and `STORAGE_EMULATOR_HOST`, which
 * Google's own libraries read and which is used without credentials. Credentials are left to the default chain, which
 * also renews them.
 * @param env handed in by an entry point, usually `process.env`
 * @throws ConfigurationError that names the variable
 */
export function gcsOptionsFromEnvironment(env: Environment): GcsOptions {
  if (env.BLDST_GCS_ENDPOINT) {
    return { endpoint: checkEndpoint(env.BLDST_GCS_ENDPOINT, 'BLDST_GCS_ENDPOINT') };
  }
  const emulator = env.STORAGE_EMULATOR_HOST;
  if (!emulator) return {};
  const url = /^https?:/.test(emulator) ? emulator : `http://${emulator}`;
  return { endpoint: checkEndpoint(url, 'STORAGE_EMULATOR_HOST'), token: 'none' };
}
