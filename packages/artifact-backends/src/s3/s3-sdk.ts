import { ConfigurationError } from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';

/** The AWS SDK's S3 module. */
export type S3Sdk = typeof import('@aws-sdk/client-s3');

/**
 * Loads the SDK when it is first needed: it takes time to start and not everybody stores in S3.
 * @param load for tests
 * @throws ConfigurationError that names the package to install
 */
export async function loadS3Sdk(
  load: () => Promise<S3Sdk> = () => import('@aws-sdk/client-s3'),
): Promise<S3Sdk> {
  try {
    return await load();
  } catch (cause) {
    // With a URL it is a file that is missing, so the SDK is there, but broken.
    const missing =
      errorCode(cause) === 'ERR_MODULE_NOT_FOUND' && !(cause instanceof Error && 'url' in cause);
    if (!missing) throw cause;
    throw new ConfigurationError('s3:// needs the AWS SDK. Run: npm install @aws-sdk/client-s3', { cause });
  }
}
