import { ConfigurationError } from '@buildstate/core/light';
import type { Environment } from '@buildstate/node-runtime';
import { checkEndpoint } from '../uri-parameters.ts';
import { encryptions } from './s3-location.ts';
import type { S3Checksums, S3Encryption, S3Options } from './s3-options.ts';

const checksumProfiles: readonly S3Checksums[] = ['none', 'crc32', 'md5'];
const truths: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

function endpointOf(env: Environment): string | undefined {
  const name = ['BLDST_S3_ENDPOINT', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'].find((known) => env[known]);
  return name === undefined ? undefined : checkEndpoint(env[name] ?? '', name);
}

function styleOf(env: Environment): S3Options['style'] {
  const value = env.BLDST_S3_FORCE_PATH_STYLE;
  if (!value) return undefined;
  const forced = truths[value.toLowerCase()];
  if (forced === undefined) throw new ConfigurationError('BLDST_S3_FORCE_PATH_STYLE must be true or false.');
  return forced ? 'path' : 'virtual';
}

function checksumsOf(env: Environment): S3Checksums | undefined {
  const value = env.BLDST_S3_CHECKSUMS;
  if (!value) return undefined;
  const known = checksumProfiles.find((profile) => profile === value.toLowerCase());
  if (known !== undefined) return known;
  throw new ConfigurationError(`BLDST_S3_CHECKSUMS must be ${checksumProfiles.join(', ')}.`);
}

function encryptionOf(env: Environment): S3Encryption | undefined {
  const value = env.BLDST_S3_ENCRYPTION;
  if (!value) return undefined;
  const known = encryptions.find((one) => one === value);
  if (known !== undefined) return known;
  throw new ConfigurationError(`BLDST_S3_ENCRYPTION must be ${encryptions.join(', ')}.`);
}

/**
 * What the environment says about S3: `BLDST_S3_ENDPOINT`, `BLDST_S3_FORCE_PATH_STYLE`, `BLDST_S3_CHECKSUMS`,
 * `BLDST_S3_STORAGE_CLASS`, `BLDST_S3_ENCRYPTION`, `BLDST_S3_KMS_KEY`, and of the SDK's own variables those that defaults depend on. Credentials are left to the SDK's chain, which
 * also renews them.
 * @param env handed in by an entry point, usually `process.env`
 * @throws ConfigurationError that names the variable
 */
export function s3OptionsFromEnvironment(env: Environment): S3Options {
  return {
    endpoint: endpointOf(env),
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined,
    style: styleOf(env),
    checksums: checksumsOf(env),
    storageClass: env.BLDST_S3_STORAGE_CLASS || undefined,
    encryption: encryptionOf(env),
    kmsKey: env.BLDST_S3_KMS_KEY || undefined,
  };
}
