import type { ArtifactBackend } from '@buildstate/core';
import { defined } from '../uri-parameters.ts';
import { authorizeWith } from './gcs-auth.ts';
import { GcsBackend } from './gcs-backend.ts';
import { GcsConnection } from './gcs-connection.ts';
import { parseGcsUri } from './gcs-location.ts';
import { type GcsOptions, resolveGcsOptions } from './gcs-options.ts';

/**
 * Opens a place in a bucket as an artifact backend, without retries and deadlines; `openBackend` adds them.
 * Makes no request.
 * @param uri `gs://bucket/prefix`; its query parameters win over `options`
 * @throws ConfigurationError for a bad URI, or when `google-auth-library` is needed and not installed
 */
export async function openGcsBackend(uri: string, options: GcsOptions = {}): Promise<ArtifactBackend> {
  const location = parseGcsUri(uri);
  const resolved = resolveGcsOptions({ ...options, ...defined(location.options) });
  return new GcsBackend(new GcsConnection(location, resolved, await authorizeWith(resolved)));
}
