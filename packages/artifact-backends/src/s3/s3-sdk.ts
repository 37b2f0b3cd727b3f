import { loadPeer } from '../load-peer.ts';

/** The AWS SDK's S3 module. */
export type S3Sdk = typeof import('@aws-sdk/client-s3');

/**
 * Loads the SDK when it is first needed.
 * @param load for tests
 * @throws ConfigurationError that names the package to install
 */
export function loadS3Sdk(load: () => Promise<S3Sdk> = () => import('@aws-sdk/client-s3')): Promise<S3Sdk> {
  return loadPeer('s3://', '@aws-sdk/client-s3', load);
}
