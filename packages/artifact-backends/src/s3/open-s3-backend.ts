import type { ArtifactBackend } from '@buildstate/core';
import { defined } from '../uri-parameters.ts';
import { S3Backend } from './s3-backend.ts';
import { S3Connection } from './s3-connection.ts';
import { parseS3Uri } from './s3-location.ts';
import { resolveS3Options, type S3Options } from './s3-options.ts';
import { loadS3Sdk } from './s3-sdk.ts';

/**
 * Opens a place in a bucket as an artifact backend, without retries and deadlines; `openBackend` adds them.
 * Makes no request.
 * @param uri `s3://bucket/prefix`; its query parameters win over `options`
 * @throws ConfigurationError for a bad URI, or when the AWS SDK is not installed
 */
export async function openS3Backend(uri: string, options: S3Options = {}): Promise<ArtifactBackend> {
  const location = parseS3Uri(uri);
  const resolved = resolveS3Options({ ...options, ...defined(location.options) });
  return new S3Backend(new S3Connection(await loadS3Sdk(), location, resolved));
}
