import type { Environment } from '@buildstate/node-runtime';
import { azureOptionsFromEnvironment } from '../azure/config.ts';
import { gcsOptionsFromEnvironment } from '../gcs/config.ts';
import { s3OptionsFromEnvironment } from '../s3/config.ts';
import type { DriverOptions } from './registry.ts';

/**
 * What the environment says about the store of one place: variables of other stores are not even looked at, so that a
 * mistake in them does no harm.
 * @param place a URI or a path, as `openBackend` takes it
 * @param env handed in by an entry point, usually `process.env`
 * @throws ConfigurationError that names the variable
 */
export function backendOptionsFromEnvironment(place: string, env: Environment): DriverOptions {
  const scheme = /^([a-z0-9+.-]+):/i.exec(place)?.[1]?.toLowerCase();
  if (scheme === 's3') return { s3: s3OptionsFromEnvironment(env) };
  if (scheme === 'azure-blob' || scheme === 'https') return { azure: azureOptionsFromEnvironment(env) };
  return scheme === 'gs' ? { gcs: gcsOptionsFromEnvironment(env) } : {};
}
