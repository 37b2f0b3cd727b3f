import { ConfigurationError } from '@buildstate/core/light';
import { checkEndpoint, oneOf } from '../uri-parameters.ts';
import type { GcsChecksums, GcsOptions, GcsStorageClass } from './gcs-options.ts';

/** What a `gs://` URI says. */
export interface GcsLocation {
  readonly bucket: string;
  /** Keys are below it. Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  /** What its query parameters set. */
  readonly options: GcsOptions;
}

const parameters = ['endpoint', 'checksums', 'class'];

/**
 * Reads `gs://bucket/prefix?endpoint=https://…&checksums=md5|none&class=STANDARD|NEARLINE|COLDLINE|ARCHIVE`.
 * @throws ConfigurationError for other parameters, and for credentials, which do not belong into a URI
 */
export function parseGcsUri(text: string): GcsLocation {
  const uri = new URL(text);
  if (uri.host === '') throw new ConfigurationError('A gs:// URI needs a bucket: gs://bucket/prefix.');
  if (uri.username !== '' || uri.password !== '') {
    throw new ConfigurationError(
      'A gs:// URI must not hold credentials. Set GOOGLE_APPLICATION_CREDENTIALS, or run: gcloud auth application-default login',
    );
  }
  const unknown = [...uri.searchParams.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined) {
    throw new ConfigurationError(`A gs:// URI knows ${parameters.join(', ')}, but not "${unknown}".`);
  }
  const endpoint = uri.searchParams.get('endpoint');
  return {
    bucket: uri.host,
    prefix: decodeURIComponent(uri.pathname).replace(/^\/+|\/+$/g, ''),
    options: {
      endpoint: endpoint === null ? undefined : checkEndpoint(endpoint, 'The "endpoint" of a gs:// URI'),
      checksums: oneOf<GcsChecksums>(uri, 'checksums', ['md5', 'none']),
      storageClass: oneOf<GcsStorageClass>(uri, 'class', ['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE']),
    },
  };
}
